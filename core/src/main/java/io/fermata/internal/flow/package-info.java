/** The bridges to publishers and subscribers of java.util.concurrent.Flow. */
@NullMarked
package io.fermata.internal.flow;

import org.jspecify.annotations.NullMarked;
