/**
 * The heart of the event loop: the ready batch, timers, the inbox, waiting. It knows no feature:
 * tasks, locks and scopes are written on it, and talk to it through {@link
 * io.fermata.internal.kernel.Trap}.
 */
@NullMarked
package io.fermata.internal.kernel;

import org.jspecify.annotations.NullMarked;
