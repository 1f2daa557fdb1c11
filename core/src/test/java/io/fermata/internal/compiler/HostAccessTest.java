package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class HostAccessTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("HostAccess", HostAccessTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    boolean changed =
        new HostAccess(scene.body.owner(), scene.files).rewrite(scene.code(), scene.points());
    return (changed ? "changed\n" : "nothing\n") + Listing.print(scene.code());
  }
}
