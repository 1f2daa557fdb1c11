package io.fermata.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers of the conformance catalogue that a test checks. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Conforms {
  /** For instance {@code {"G-001", "G-004"}}. */
  String[] value();
}
