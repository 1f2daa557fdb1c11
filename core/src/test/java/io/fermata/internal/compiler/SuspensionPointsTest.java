package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SuspensionPointsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("SuspensionPoints", SuspensionPointsTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    StringBuilder text = new StringBuilder();
    for (SuspensionPoint point : scene.points()) {
      text.append("line ").append(point.line()).append(": ").append(point.kind());
      BodyMethod helper = point.helper();
      if (helper != null) {
        text.append(' ').append(helper.owner().name).append('.').append(helper.method().name);
        text.append(" co=").append(helper.coSlot()).append(' ').append(helper.shape());
        helper
            .given()
            .forEach((slot, known) -> text.append(" +").append(slot).append(known.kind()));
        text.append(helper.self() == null ? "" : " self=" + helper.self());
      }
      text.append(point.isThroughOuterCo() ? " through an outer co" : "");
      text.append(point.isThroughNullable() ? " through co or null" : "");
      text.append(point.mayReturnAtOnce() ? " may return at once" : "");
      text.append('\n');
    }
    return text.length() == 0 ? "none" : text.toString();
  }
}
