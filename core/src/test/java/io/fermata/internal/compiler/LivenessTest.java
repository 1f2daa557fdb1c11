package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Liveness;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LivenessTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("Liveness", LivenessTest::run);
  }

  private static String run(Scene scene) {
    BitSet[] live = Liveness.analyse(scene.code());
    return Listing.print(scene.code(), index -> live[index] + " ");
  }
}
