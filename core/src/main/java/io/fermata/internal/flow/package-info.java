/**
 * The operators on asynchronous generators, and the bridges to the publishers and subscribers of
 * {@code java.util.concurrent.Flow}.
 */
@NullMarked
package io.fermata.internal.flow;

import org.jspecify.annotations.NullMarked;
