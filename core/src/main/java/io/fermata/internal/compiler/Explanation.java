package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LocalVariableNode;

/** The text about a compiled method, for people: its states, their lines, and what each saves. */
public final class Explanation {
  /** Whether somebody will read explanations; making them takes time. */
  public static final boolean WANTED = Boolean.getBoolean("fermata.explain");

  private Explanation() {}

  /** Lines of text, without indentation. */
  static List<String> of(FrameDraft draft) {
    BodyMethod body = draft.body;
    List<SuspensionPoint> suspensions = draft.points;
    FieldLayout layout = draft.layout();
    List<String> lines = new ArrayList<>();
    lines.add(
        (body.helper() ? "helper " : "body ")
            + body.method().name
            + " at "
            + body.place(body.firstLine())
            + (suspensions.isEmpty() ? ": never suspends" : ""));
    int number = 1;
    for (SuspensionPoint suspension : suspensions) {
      lines.add(
          "  state "
              + number++
              + ", line "
              + suspension.line()
              + ": "
              + kind(suspension)
              + "; saves "
              + saved(body, suspension, layout.planOf(suspension)));
    }
    return lines;
  }

  private static String kind(SuspensionPoint suspension) {
    return switch (suspension.kind()) {
      case YIELD, YIELD_NOTHING -> "yield";
      case YIELD_FROM -> "yieldFrom";
      case AWAIT ->
          suspension.isThroughOuterCo() ? "await through the co of an outer body" : "await";
      case CALL ->
          "calls the helper "
              + suspension.call().name
              + (suspension.isDispatched() ? " of the receiver's class" : "");
    };
  }

  private static String saved(BodyMethod body, SuspensionPoint suspension, FieldLayout.Plan plan) {
    StringJoiner saved = new StringJoiner(", ");
    saved.setEmptyValue("nothing");
    int index = body.method().instructions.indexOf(suspension.call());
    plan.locals()
        .forEach(
            (slot, field) -> {
              if (field != FieldLayout.NULL) {
                saved.add(
                    name(body, slot, index)
                        + ": "
                        + simple(field.type())
                        + (plan.unchanged().get(slot) ? " (in place)" : ""));
              }
            });
    int depth = 0;
    for (FieldLayout.Field field : plan.stack()) {
      if (field != null) {
        saved.add("operand " + ++depth + ": " + simple(field.type()));
      }
    }
    return saved.toString();
  }

  private static String name(BodyMethod body, int slot, int index) {
    List<LocalVariableNode> variables = body.method().localVariables;
    String name = variables == null ? null : name(variables, body, slot, index);
    return name == null ? "local " + slot : name;
  }

  private static @Nullable String name(
      List<LocalVariableNode> variables, BodyMethod body, int slot, int index) {
    for (LocalVariableNode variable : variables) {
      if (variable.index == slot
          && body.method().instructions.indexOf(variable.start) <= index
          && body.method().instructions.indexOf(variable.end) > index) {
        return variable.name;
      }
    }
    return null;
  }

  private static String simple(Type type) {
    String name = type.getClassName();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
