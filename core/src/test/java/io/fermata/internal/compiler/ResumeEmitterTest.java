package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.tree.MethodNode;

class ResumeEmitterTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("ResumeEmitter", ResumeEmitterTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    FrameDraft draft = scene.draft();
    MethodNode resume = new ResumeEmitter(draft, Drafts.ofHelpers(draft)).emit().method();
    return Listing.print(resume);
  }
}
