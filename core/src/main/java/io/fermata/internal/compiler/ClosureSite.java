package io.fermata.internal.compiler;

/**
 * A place where a closure is made.
 *
 * @param closure what is made
 * @param slot where its parts lie
 */
record ClosureSite(Closure closure, int slot) {}
