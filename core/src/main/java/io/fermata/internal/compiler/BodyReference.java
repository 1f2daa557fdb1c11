package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;

/**
 * A name for the method of a body, as a lambda or the class of a body has it.
 *
 * @param className the internal name of the class in which the method is looked up
 * @param method the method's name
 * @param descriptor the method's descriptor; null if the body is an object of a named class
 * @param isLambda whether the body is a lambda or a method reference
 */
public record BodyReference(
    String className, String method, @Nullable String descriptor, boolean isLambda) {}
