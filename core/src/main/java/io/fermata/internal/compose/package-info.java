/**
 * The frames that are written by hand: groups, timeouts, gather and what else is made of awaits.
 */
@NullMarked
package io.fermata.internal.compose;

import org.jspecify.annotations.NullMarked;
