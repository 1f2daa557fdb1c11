package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class UninitialisedObjectsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("UninitialisedObjects", UninitialisedObjectsTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    boolean moved =
        UninitialisedObjects.move(
            scene.code(),
            scene.types(),
            scene.points(),
            new HostAccess(scene.body.owner(), scene.files));
    scene.types(); // it can still be analysed
    return (moved ? "moved\n" : "nothing\n") + Listing.print(scene.code());
  }
}
