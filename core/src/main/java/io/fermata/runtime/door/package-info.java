/**
 * The door from the runtime to the event loop, which lies above it, and what all packages share.
 * The package is not exported and depends on nothing, so that both sides may use it.
 */
@NullMarked
package io.fermata.runtime.door;

import org.jspecify.annotations.NullMarked;
