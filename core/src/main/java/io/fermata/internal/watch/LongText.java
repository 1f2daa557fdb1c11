package io.fermata.internal.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * A text that is built in parts. It takes the memory of the parts and of the whole at most; a
 * {@code StringBuilder} would copy all of it each time it grows.
 */
final class LongText implements Appendable {
  private static final int PART = 8192;

  private final List<String> parts = new ArrayList<>();
  private final StringBuilder last = new StringBuilder();

  boolean isEmpty() {
    return parts.isEmpty() && last.length() == 0;
  }

  @Override
  public LongText append(CharSequence text) {
    last.append(text);
    return closePart();
  }

  @Override
  public LongText append(CharSequence text, int start, int end) {
    last.append(text, start, end);
    return closePart();
  }

  @Override
  public LongText append(char letter) {
    last.append(letter);
    return closePart();
  }

  private LongText closePart() {
    if (last.length() >= PART) { // the builder keeps its size, the part is cut to its length
      parts.add(last.toString());
      last.setLength(0);
    }
    return this;
  }

  @Override
  public String toString() {
    if (last.length() > 0) {
      parts.add(last.toString());
      last.setLength(0);
    }
    return String.join("", parts);
  }
}
