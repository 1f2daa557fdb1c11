package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LineNumberNode;

/**
 * The numbers of inlined lines in a class file, by which a stack trace tells which method a line
 * belongs to. A line keeps its number if no other code of the method has it, so that breakpoints
 * work; else it gets one that no source has.
 *
 * <pre>
 * 14   list.forEach(x -&gt; {          lambda$outer$0, line 14
 * 15     co.yield(x);               line 15:      lambda$outer$1, line 15; lambda$outer$0, line 14
 * 20   list.forEach(co -&gt; f(co));   line 65535:   lambda$outer$2, line 20; lambda$outer$0, line 20
 * </pre>
 */
final class InlinedLines {
  /** The greatest number that a class file can hold. */
  private static final int LAST = 0xffff;

  private record Line(int line, InlinedLine.@Nullable Call call) {
    static Line of(LineNumberNode node) {
      return new Line(node.line, InlinedLine.callOf(node));
    }
  }

  private final String method;
  private final Map<Line, Integer> numbers = new LinkedHashMap<>();
  private final List<String> table = new ArrayList<>();

  /**
   * Numbers the lines of a method.
   *
   * @param body what the method is made from, whose lines are asked for later
   * @param resume the method, whose lines are changed
   */
  InlinedLines(BodyMethod body, InsnList resume) {
    this.method = body.method().name;
    if (!hasInlined(resume)) {
      return;
    }
    Map<Integer, Set<Line>> users = new HashMap<>();
    for (InsnList code : List.of(body.method().instructions, resume)) {
      for (AbstractInsnNode at : code) {
        if (at instanceof LineNumberNode node) {
          Set<Line> known = users.get(node.line);
          if (known == null) {
            known = new HashSet<>();
            users.put(node.line, known);
          }
          known.add(Line.of(node));
        }
      }
    }
    int next = LAST;
    for (Map.Entry<Integer, Set<Line>> entry : users.entrySet()) {
      for (Line line : entry.getValue()) {
        InlinedLine.Call call = line.call;
        if (call == null) {
          continue;
        }
        int number = line.line;
        if (entry.getValue().size() > 1) {
          while (users.containsKey(next)) {
            next--;
          }
          number = next--;
        }
        numbers.put(line, number);
        table.add(row(number, line.line, call));
      }
    }
    for (AbstractInsnNode at : resume) {
      if (at instanceof LineNumberNode node) {
        node.line = numbers.getOrDefault(Line.of(node), node.line);
      }
    }
  }

  private static boolean hasInlined(InsnList code) {
    for (AbstractInsnNode at : code) {
      if (at instanceof InlinedLine) {
        return true;
      }
    }
    return false;
  }

  /** {@code number;line;method;line;method}, the innermost method first. */
  private String row(int number, int line, InlinedLine.Call innermost) {
    StringBuilder row = new StringBuilder().append(number);
    int at = line;
    for (InlinedLine.Call call = innermost; call != null; call = call.outer()) {
      row.append(';').append(at).append(';').append(call.method());
      at = call.line();
    }
    return row.append(';').append(at).append(';').append(method).toString();
  }

  /** What the numbers mean: one row for each inlined line. */
  List<String> table() {
    return table;
  }

  /** The number of the line of an instruction of the body; 0 if unknown. */
  int of(AbstractInsnNode instruction) {
    for (AbstractInsnNode at = instruction; at != null; at = at.getPrevious()) {
      if (at instanceof LineNumberNode node) {
        return Objects.requireNonNullElse(numbers.get(Line.of(node)), node.line);
      }
    }
    return 0;
  }
}
