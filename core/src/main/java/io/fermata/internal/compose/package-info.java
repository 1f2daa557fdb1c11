/**
 * The hand-written frames: groups, timeouts, gather and the other operations that are composed of
 * awaits.
 */
@NullMarked
package io.fermata.internal.compose;

import org.jspecify.annotations.NullMarked;
