/**
 * The views into a loop: dumps, the graph of waits, the watchdog, recordings, awaitables that were
 * never awaited.
 */
@NullMarked
package io.fermata.internal.watch;

import org.jspecify.annotations.NullMarked;
