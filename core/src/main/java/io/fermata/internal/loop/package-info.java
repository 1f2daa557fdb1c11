/**
 * The machine of the event loop: loops, tasks, promises, scopes, how tasks start and how a loop
 * ends.
 */
@NullMarked
package io.fermata.internal.loop;

import org.jspecify.annotations.NullMarked;
