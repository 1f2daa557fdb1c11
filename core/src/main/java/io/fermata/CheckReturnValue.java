package io.fermata;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mark of a method whose result must not be dropped: what it returns has run nothing yet, so
 * that a call alone does nothing.
 *
 * <p>Error Prone, IntelliJ IDEA and SpotBugs know annotations of this name, whatever their package,
 * and report a call whose result is dropped: {@code queue.put(x);} for {@code
 * co.await(queue.put(x));}. It means nothing at run time; what slips through is reported there, see
 * {@link io.fermata.async.Async}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.PACKAGE})
public @interface CheckReturnValue {}
