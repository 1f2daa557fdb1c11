/**
 * Streams of bytes for tasks.
 *
 * <p>An {@link io.fermata.io.AsyncReader} and an {@link io.fermata.io.AsyncWriter} are the same
 * types for a pipe of a process, standard input and output, and a connection. What is below them
 * feeds an {@link io.fermata.io.Inlet} and takes from an {@link io.fermata.io.Outlet}.
 */
@NullMarked
package io.fermata.io;

import org.jspecify.annotations.NullMarked;
