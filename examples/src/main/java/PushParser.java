import io.fermata.Coroutine;
import io.fermata.Yielder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV parser that is sent text in chunks of any size, yet is written as if it had all the text at
 * hand: wherever it needs another character, the coroutine waits for the next chunk.
 */
public class PushParser {
  private static final String TEXT =
      "name,said,year\r\n"
          + "Ada,\"Engines, \"\"weaving\"\" patterns\",1843\r\n"
          + "Grace,\"Dare\nand\r\ndo\",1952\n"
          + "\"\",,\"\"\"\"\n"
          + "Edsger,Simplicity,1984";

  public static void main(String[] args) throws IOException {
    Path file = Files.createTempFile("records", ".csv");
    String text;
    try {
      Files.writeString(file, TEXT);
      text = Files.readString(file);
    } finally {
      Files.delete(file);
    }

    List<List<String>> records = parse(List.of(text));
    for (List<String> record : records) System.out.println(show(record));

    int checked = 0;
    for (int i = 0; i <= text.length(); i++) {
      check(records, List.of(text.substring(0, i), text.substring(i)));
      checked++;
    }
    check(records, List.of(text.split("")));
    checked++;
    System.out.println("splits checked: " + checked);
  }

  static void check(List<List<String>> expected, List<String> chunks) {
    if (!parse(chunks).equals(expected)) throw new AssertionError("differs: " + chunks);
  }

  static List<List<String>> parse(List<String> chunks) {
    List<List<String>> records = new ArrayList<>();
    Coroutine<String, List<String>, Integer> parser = parser();
    for (String chunk : chunks) {
      List<String> record = parser.send(chunk);
      while (record != null) {
        records.add(record);
        record = parser.next();
      }
    }
    while (parser.advance()) records.add(parser.current()); // sent nothing: the text has ended
    return records;
  }

  /** Yields each record, and null where it needs more text. Its result is the number of records. */
  static Coroutine<String, List<String>, Integer> parser() {
    return Coroutine.primed(
        co -> {
          Text text = new Text();
          int count = 0;
          while (!text.atEnd(co)) {
            co.yield(record(text, co));
            count++;
          }
          return count;
        });
  }

  static List<String> record(Text text, Yielder<String, List<String>> co) throws IOException {
    List<String> fields = new ArrayList<>();
    int end = ',';
    while (end == ',') {
      StringBuilder field = new StringBuilder();
      int c = text.read(co);
      if (c == '"') {
        c = quoted(field, text, co);
      }
      while (c != ',' && c != '\n' && c != Text.END) {
        if (c != '\r') field.append((char) c);
        c = text.read(co);
      }
      fields.add(field.toString());
      end = c;
    }
    return fields;
  }

  /** Reads a field after its opening quote; returns the character after the closing one. */
  static int quoted(StringBuilder field, Text text, Yielder<String, List<String>> co)
      throws IOException {
    while (true) {
      int c = text.read(co);
      if (c == '"') {
        c = text.read(co);
        if (c != '"') return c; // and two quotes are one
      }
      if (c == Text.END) throw new IOException("a quote is not closed: " + field);
      field.append((char) c);
    }
  }

  /** The characters of all chunks, one after the other. */
  static final class Text {
    static final int END = -1;

    private String chunk = "";
    private int position;

    int read(Yielder<String, List<String>> co) {
      return atEnd(co) ? END : chunk.charAt(position++);
    }

    boolean atEnd(Yielder<String, List<String>> co) {
      while (chunk != null && position == chunk.length()) {
        chunk = co.yield();
        position = 0;
      }
      return chunk == null;
    }
  }

  static String show(List<String> record) {
    return String.join(" | ", record).replace("\r", "\\r").replace("\n", "\\n");
  }
}
