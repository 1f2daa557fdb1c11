package io.fermata.internal.loop;

/**
 * What a frame yields in place of a value if it throws and yet goes on: the step throws, and the
 * generator is suspended as before the step.
 *
 * @param why what the step throws
 */
public record Interruption(Throwable why) {}
