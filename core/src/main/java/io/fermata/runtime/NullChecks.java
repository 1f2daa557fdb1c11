package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/** The checks for null of generated classes, where the JVM could not say what is null. */
public final class NullChecks {
  private NullChecks() {}

  /**
   * Checks a value that plain code would use.
   *
   * @param value the value
   * @param message the message of the JVM for plain code
   * @return the value
   * @throws NullPointerException if it is null
   */
  public static Object present(@Nullable Object value, String message) {
    if (value == null) {
      throw new NullPointerException(message);
    }
    return value;
  }
}
