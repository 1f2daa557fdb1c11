package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.DeadCode;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DeadCodeTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("DeadCode", DeadCodeTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    if (scene.words.contains("flow")) {
      DeadCode.removeUnreachable(scene.code());
      return Listing.print(scene.code());
    }
    boolean found = DeadCode.remove(scene.code(), scene.types());
    return (found ? "found\n" : "nothing\n") + Listing.print(scene.code());
  }
}
