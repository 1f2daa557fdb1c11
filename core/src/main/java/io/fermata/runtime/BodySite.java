package io.fermata.runtime;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The description of a compiled body: its method, and the lines of its suspensions. */
public final class BodySite {
  private final String className;
  private final String method;
  private final @Nullable String file;
  private final int firstLine;
  private final int[] lines;
  private final InlinedCode inlined;
  private final BitSet guarded;
  private final String reason;

  /**
   * Describes a body.
   *
   * @param className the class that declares it
   * @param method its method
   * @param file the source file, null if unknown
   * @param firstLine its first line, 0 if unknown
   * @param lines for each place where it can be suspended, its line
   * @param inlined the lines that stand for several: {@code number;line;method;line;method}
   * @param guarded the places, from 0 on, that a handler of the body covers
   * @param reason why it was compiled
   */
  public BodySite(
      String className,
      String method,
      @Nullable String file,
      int firstLine,
      int[] lines,
      List<String> inlined,
      BitSet guarded,
      String reason) {
    this.className = className;
    this.method = method;
    this.file = file;
    this.firstLine = firstLine;
    this.lines = lines.clone();
    this.inlined = new InlinedCode(inlined);
    this.guarded = (BitSet) guarded.clone();
    this.reason = reason;
  }

  static BodySite unknown(Class<?> frame) {
    return new BodySite(
        frame.getName(), "resume", null, 0, new int[0], List.of(), new BitSet(), "it was compiled");
  }

  /** Makes what its lines stand for known to stack traces. */
  void register(Class<?> frame) {
    inlined.register(frame.getName());
  }

  /**
   * A view of one frame.
   *
   * @param place where it is suspended, as in {@link Frame#state}
   * @return a view of that moment
   */
  public Inspection at(int place) {
    return new View(this, place & Frame.PLACE);
  }

  private record View(BodySite site, int suspension) implements Inspection {
    @Override
    public String place() {
      String file = site.file == null ? "class " + site.className : site.file;
      return site.firstLine == 0 ? file : file + ":" + site.firstLine;
    }

    @Override
    public String engine() {
      return "compiled";
    }

    @Override
    public String reason() {
      return "the body at " + place() + " runs on the compiled engine because " + site.reason;
    }

    @Override
    public boolean mayCatch() {
      return suspension < 1 || site.guarded.get(suspension - 1);
    }

    @Override
    public @Nullable StackTraceElement position() {
      StackTraceElement[] lines = lines();
      return lines.length == 0 ? null : lines[0];
    }

    @Override
    public StackTraceElement[] lines() {
      if (suspension < 1 || suspension > site.lines.length) {
        return new StackTraceElement[0];
      }
      StackTraceElement line =
          new StackTraceElement(site.className, site.method, site.file, site.lines[suspension - 1]);
      StackTraceElement[] inlined = site.inlined.lines(line);
      return inlined == null ? new StackTraceElement[] {line} : inlined;
    }
  }
}
