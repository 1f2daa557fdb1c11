package io.fermata.runtime.door;

import org.jspecify.annotations.Nullable;

/**
 * The short form of something of the user's in a message: a value, a name, a reason.
 *
 * <p>A message shows at most {@link #MOST} characters of it. A value may be large or a secret, and
 * a message goes to logs. To show it never fails, whatever its {@code toString} does.
 *
 * <p>Used on any thread.
 */
public final class Brief {
  /** The most characters that a message shows of one value. */
  public static final int MOST = 80;

  private static final String MORE = "...";

  private Brief() {}

  /**
   * The short form of anything.
   *
   * @param value text, or asked for its {@code toString}
   * @return at most {@link #MOST} characters
   */
  public static String of(@Nullable Object value) {
    try {
      CharSequence text = value instanceof CharSequence given ? given : String.valueOf(value);
      if (text == null) {
        return "null"; // a toString() that returns null
      }
      if (text.length() <= MOST) {
        return text.toString();
      }
      int end = MOST - MORE.length();
      if (Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      return text.subSequence(0, end) + MORE;
    } catch (Throwable refused) { // it must not be thrown in place of what the message is about
      return of("a " + (value == null ? "value" : value.getClass().getName()));
    }
  }
}
