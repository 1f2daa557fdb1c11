/**
 * The heart of the event loop: ready jobs, timers, the inbox, waiting. It knows no feature. Tasks,
 * locks and scopes are written on it and reach it through {@link
 * io.fermata.internal.kernel.Waitable}.
 */
@NullMarked
package io.fermata.internal.kernel;

import org.jspecify.annotations.NullMarked;
