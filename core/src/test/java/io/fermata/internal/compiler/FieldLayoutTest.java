package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FieldLayoutTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("FieldLayout", FieldLayoutTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    FrameDraft draft = scene.draft();
    FieldLayout layout = draft.layout();
    StringBuilder text = new StringBuilder();
    for (FieldLayout.Field field : layout.fields()) {
      text.append("field ").append(text(field)).append('\n');
    }
    new TreeMap<>(layout.parameterFields())
        .forEach(
            (slot, field) ->
                text.append("parameter ")
                    .append(slot)
                    .append(" in ")
                    .append(field.name())
                    .append('\n'));
    int state = 1;
    for (SuspensionPoint point : draft.points) {
      FieldLayout.Plan plan = layout.planOf(point);
      text.append("state ").append(state++).append(": locals");
      plan.locals()
          .forEach(
              (slot, field) ->
                  text.append(' ')
                      .append(slot)
                      .append('=')
                      .append(field.name())
                      .append(plan.unchanged().get(slot) ? " (unchanged)" : ""));
      text.append("; stack");
      for (FieldLayout.Field field : plan.stack()) {
        text.append(' ').append(field == null ? "null" : field.name());
      }
      text.append("; dead");
      plan.dead().forEach(field -> text.append(' ').append(field.name()));
      text.append('\n');
    }
    return text.toString();
  }

  private static String text(FieldLayout.Field field) {
    return field.name() + " " + field.type().getDescriptor();
  }
}
