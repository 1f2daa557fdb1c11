package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.tree.analysis.Frame;

class TypeFlowTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("TypeFlow", TypeFlowTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    @Nullable Frame<TypedValue>[] types = scene.types();
    return Listing.print(scene.code(), index -> text(types[index]) + " ");
  }

  private static String text(@Nullable Frame<TypedValue> frame) {
    if (frame == null) {
      return "[never]";
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < frame.getLocals(); i++) {
      text.append(i == 0 ? "" : " ").append(text(frame.getLocal(i)));
    }
    text.append(" |");
    for (int i = 0; i < frame.getStackSize(); i++) {
      text.append(' ').append(text(frame.getStack(i)));
    }
    return text.append(']').toString();
  }

  private static String text(TypedValue value) {
    String type = value.type() == null ? "." : value.type().getDescriptor();
    return switch (value.kind()) {
      case PLAIN -> type;
      case NULL -> "null";
      case PERHAPS_CO -> "perhaps-co";
      default -> value.kind().name().toLowerCase(Locale.ROOT).replace('_', '-') + ":" + type;
    };
  }
}
