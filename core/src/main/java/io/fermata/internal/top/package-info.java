/** The program behind {@code ./fermata top}: looks into the event loops of another JVM. */
@NullMarked
package io.fermata.internal.top;

import org.jspecify.annotations.NullMarked;
