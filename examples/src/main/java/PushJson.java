import io.fermata.Coroutine;
import io.fermata.Yielder;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON parser that is sent text in chunks and yields each value with its path as soon as it has
 * been read. It is a recursive descent over methods that all yield through the same co.
 */
public class PushJson {
  private static final String TEXT =
      """
      {"name": "Ada \\"Countess\\" Lovelace",
       "born": {"year": 1815, "town": "London"},
       "notes": [true, null, -1.5e3, [], {"letter": "G"}]}
      """;

  public static void main(String[] args) {
    List<String> values = parse(List.of(TEXT));
    for (String value : values) System.out.println(value);

    for (int i = 0; i <= TEXT.length(); i++) {
      check(values, List.of(TEXT.substring(0, i), TEXT.substring(i)));
    }
    check(values, List.of(TEXT.split("")));
    System.out.println("the same in all chunks");
  }

  static void check(List<String> expected, List<String> chunks) {
    if (!parse(chunks).equals(expected)) throw new AssertionError("differs: " + chunks);
  }

  static List<String> parse(List<String> chunks) {
    List<String> values = new ArrayList<>();
    try (Coroutine<String, String, Void> parser = parser()) {
      for (String chunk : chunks) {
        String value = parser.send(chunk);
        while (value != null) {
          values.add(value);
          value = parser.next();
        }
      }
    }
    return values;
  }

  /** Yields each value with its path, and null where it needs more text. */
  static Coroutine<String, String, Void> parser() {
    return Coroutine.primed(
        co -> {
          Text text = new Text();
          while (true) value("$", text, co);
        });
  }

  static void value(String path, Text text, Yielder<String, String> co) {
    switch (text.peek(co)) {
      case '{' -> object(path, text, co);
      case '[' -> array(path, text, co);
      case '"' -> co.yield(path + " = " + string(text, co));
      default -> co.yield(path + " = " + word(text, co));
    }
  }

  static void object(String path, Text text, Yielder<String, String> co) {
    text.expect('{', co);
    while (text.peek(co) != '}') {
      String key = string(text, co);
      text.expect(':', co);
      value(path + "[" + key + "]", text, co);
      if (text.peek(co) != '}') text.expect(',', co);
    }
    text.expect('}', co);
  }

  static void array(String path, Text text, Yielder<String, String> co) {
    text.expect('[', co);
    for (int i = 0; text.peek(co) != ']'; i++) {
      value(path + "[" + i + "]", text, co);
      if (text.peek(co) != ']') text.expect(',', co);
    }
    text.expect(']', co);
  }

  /** A string with its quotes, as it is written. */
  static String string(Text text, Yielder<String, String> co) {
    StringBuilder string = new StringBuilder();
    text.expect('"', co);
    for (char c = text.read(co); c != '"'; c = text.read(co)) {
      string.append(c);
      if (c == '\\') string.append(text.read(co));
    }
    return '"' + string.toString() + '"';
  }

  /** A number, true, false or null. */
  static String word(Text text, Yielder<String, String> co) {
    StringBuilder word = new StringBuilder();
    while (",]} \n".indexOf(text.look(co)) < 0) word.append(text.read(co));
    return word.toString();
  }

  /** The characters of all chunks, one after the other. */
  static final class Text {
    private String chunk = "";
    private int position;

    /** The next character, which stays. */
    char look(Yielder<String, String> co) {
      while (position == chunk.length()) {
        chunk = co.yield();
        position = 0;
      }
      return chunk.charAt(position);
    }

    char read(Yielder<String, String> co) {
      char c = look(co);
      position++;
      return c;
    }

    /** The next character after white space, which stays. */
    char peek(Yielder<String, String> co) {
      while (Character.isWhitespace(look(co))) position++;
      return look(co);
    }

    void expect(char expected, Yielder<String, String> co) {
      char c = peek(co);
      if (c != expected) throw new IllegalArgumentException("found " + c + " for " + expected);
      position++;
    }
  }
}
