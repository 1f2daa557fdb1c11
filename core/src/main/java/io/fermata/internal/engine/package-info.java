/** The choice of an engine for a body, and the thread engine. */
@NullMarked
package io.fermata.internal.engine;

import org.jspecify.annotations.NullMarked;
