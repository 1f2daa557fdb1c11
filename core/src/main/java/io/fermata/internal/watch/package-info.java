/**
 * The observation of loops: dumps, the graph of waits, the watchdog, recordings, and reports of
 * awaitables that were never awaited.
 */
@NullMarked
package io.fermata.internal.watch;

import org.jspecify.annotations.NullMarked;
