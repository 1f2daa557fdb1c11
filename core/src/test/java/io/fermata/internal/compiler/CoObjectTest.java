package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.tree.MethodNode;

class CoObjectTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("CoObject", CoObjectTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    FrameDraft draft = scene.draft();
    if (!draft.body.hasCoObject()) {
      return "none";
    }
    MethodNode resume = new ResumeEmitter(draft, Drafts.ofHelpers(draft)).emit().method();
    return Listing.print(resume);
  }
}
