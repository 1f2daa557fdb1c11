package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.InlinedLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
  private final List<String> table = new ArrayList<>();

  /** Numbers the lines of a method, which are changed. */
  InlinedLines(BodyMethod body) {
    this.method = body.method().name;
    InsnList code = body.method().instructions;
    if (hasInlined(code)) {
      number(code);
    }
  }

  private void number(InsnList code) {
    Map<Integer, Set<Line>> users = new HashMap<>();
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
    Map<Line, Integer> numbers = new HashMap<>();
    int next = LAST;
    for (AbstractInsnNode at : code) {
      if (!(at instanceof InlinedLine node)) {
        continue;
      }
      Line line = Line.of(node);
      Integer number = numbers.get(line);
      if (number == null) {
        number = node.line;
        if (Objects.requireNonNull(users.get(node.line)).size() > 1) {
          while (users.containsKey(next)) {
            next--;
          }
          number = next--;
        }
        numbers.put(line, number);
        table.add(row(number, node.line, node.call));
      }
      node.line = number;
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

  /** The number of the line of an instruction; 0 if unknown. */
  static int of(AbstractInsnNode instruction) {
    for (AbstractInsnNode at = instruction; at != null; at = at.getPrevious()) {
      if (at instanceof LineNumberNode node) {
        return node.line;
      }
    }
    return 0;
  }
}
