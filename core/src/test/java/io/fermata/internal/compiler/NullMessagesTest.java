package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NullMessagesTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("NullMessages", NullMessagesTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    NullMessages messages = NullMessages.find(scene.draft());
    return Listing.print(
        scene.code(),
        at -> {
          String message = messages.of(scene.code().instructions.get(at));
          return message == null ? "" : "(" + message + ") ";
        });
  }
}
