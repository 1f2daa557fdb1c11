/**
 * Generators and coroutines: functions that pause and go on.
 *
 * <p>A <em>body</em> is a plain Java lambda that gets an object, by convention named {@code co},
 * through which it yields. {@link io.fermata.Generator} hands values out, {@link
 * io.fermata.Coroutine} also takes values in and returns a result. Both run in their caller's time:
 * a body executes only within a step, and never at the same time as the caller of that step. No
 * scheduler is needed.
 */
@NullMarked
package io.fermata;

import org.jspecify.annotations.NullMarked;
