package io.fermata.net;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The arrows from this module, and what only one class may do. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void socketsKnowTheKernelAndNoEngine() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.fermata.internal.engine..",
                "io.fermata.internal.compiler..",
                "io.fermata.internal.asm..")
            .because("they are written on Async, on streams and on the trap of the kernel"));
  }

  @Test
  void onlyThreadsOfLoopsAreCreated() {
    check(
        noClasses()
            .that()
            .doNotHaveSimpleName("LoopThread")
            .should()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .orShould()
            .beAssignableTo(Thread.class)
            .because("who creates a thread must also end it"));
  }

  @Test
  void theTimeIsThatOfTheLoop() {
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                DescribedPredicate.describe(
                    "reads the time",
                    (JavaAccess<?> access) ->
                        access.getTargetOwner().isEquivalentTo(System.class)
                            && access.getTarget().getName().matches("nanoTime|currentTimeMillis")))
            .because("a loop's time is that of its clock"));
  }

  private static void check(ArchRule rule) {
    rule.check(MAIN);
  }
}
