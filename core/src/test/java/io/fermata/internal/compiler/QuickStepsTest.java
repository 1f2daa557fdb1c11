package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.LoopTails;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.bytecode.QuickSteps;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class QuickStepsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("QuickSteps", QuickStepsTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    FrameDraft draft = scene.draft();
    ResumeEmitter.Resume resume = new ResumeEmitter(draft, Drafts.ofHelpers(draft)).emit();
    LoopTails.duplicate(resume.method());
    int before = resume.method().instructions.size();
    QuickSteps.copy(draft.name, resume.method(), resume.dispatch(), resume.places());
    if (scene.words.contains("verdict")) {
      return resume.method().instructions.size() == before ? "as it was" : "quick";
    }
    return Listing.print(resume.method());
  }
}
