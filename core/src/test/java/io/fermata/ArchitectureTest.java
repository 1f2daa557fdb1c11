package io.fermata;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between packages, and what only one of them may do. */
class ArchitectureTest {
  private static final String API = "io.fermata";
  private static final String RUNTIME = "io.fermata.runtime";
  private static final String INTERNAL = "io.fermata.internal..";
  private static final String ENGINE = "io.fermata.internal.engine..";
  private static final String ASYNC = "io.fermata.async";
  private static final String IO = "io.fermata.io";
  private static final String KERNEL = "io.fermata.internal.kernel..";
  private static final String COMPILER = "io.fermata.internal.compiler..";
  private static final String PASSES = "io.fermata.internal.compiler";
  private static final String COMPILER_AT_RUN_TIME = "io.fermata.internal.compiler.load";

  private static final String[] LOOP_AND_WINGS = {
    ASYNC,
    "io.fermata.internal.loop",
    "io.fermata.internal.waiting",
    "io.fermata.internal.compose",
    "io.fermata.internal.watch",
    "io.fermata.internal.guest",
    "io.fermata.internal.flow",
    "io.fermata.internal.signals"
  };

  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void onlyTheCompilerUsesAsm() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(COMPILER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.objectweb.asm..")
            .because("the other engine and the API must work without it"));
  }

  @Test
  void theCompilerDoesNotKnowTheEngines() {
    check(
        noClasses()
            .that()
            .resideInAPackage(COMPILER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ENGINE)
            .because("it turns bytecode into bytecode; the engines call it"));
  }

  @Test
  void thePassesKnowClassFilesOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage(PASSES)
            .should()
            .dependOnClassesThat(
                describe(
                    "loaded classes",
                    type ->
                        type.isEquivalentTo(Class.class)
                            || type.isAssignableTo(ClassLoader.class)
                            || type.getPackageName().matches("java\\.lang\\.(reflect|invoke)")))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(API, ASYNC, IO, RUNTIME, COMPILER_AT_RUN_TIME)
            .because("the same passes make frames in a build, where no class is loaded"));
  }

  @Test
  void theRuntimeKnowsNothingInternal() {
    check(
        noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL)
            .because("generated classes link to it, and it is frozen once released"));
  }

  @Test
  void theRuntimeReachesInterfacesOnly() {
    DescribedPredicate<JavaClass> ofTheApi =
        JavaClass.Predicates.resideInAnyPackage(API, ASYNC).as("the API");
    DescribedPredicate<JavaClass> vocabulary =
        describe(
            "interfaces, exceptions and enums",
            type -> type.isInterface() || type.isAssignableTo(Throwable.class) || type.isEnum());
    check(
        noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat(ofTheApi.and(DescribedPredicate.not(vocabulary)))
            .because("the machine behind the API may change; the runtime is frozen"));
    check(
        noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .accessTargetWhere(
                describe(
                    "a static method of the API",
                    access ->
                        ofTheApi.test(access.getTargetOwner())
                            && access.getTarget() instanceof CodeUnitAccessTarget called
                            && called
                                .resolveMember()
                                .map(code -> code.getModifiers().contains(STATIC))
                                .orElse(true)))
            .because(
                "static methods of interfaces lead to the machine, FutureDoor leads around it"));
    check(
        noClasses()
            .that()
            .resideInAPackage(RUNTIME + ".door")
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAPackage(API + "..")
                    .and(
                        DescribedPredicate.not(
                            JavaClass.Predicates.resideInAPackage(RUNTIME + ".door"))))
            .because("it lies below both sides of the door"));
  }

  @Test
  void onlyEnginesLeadsFromTheApiToTheEngines() {
    DescribedPredicate<JavaClass> engines =
        describe(
            "Engines", type -> type.getName().replaceFirst("\\$.*", "").equals(API + ".Engines"));
    check(
        noClasses()
            .that()
            .resideInAPackage(API)
            .and(DescribedPredicate.not(engines))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL)
            .because("the API has one door to what is behind it"));
    check(
        classes()
            .that()
            .haveFullyQualifiedName(API + ".Engines")
            .should()
            .bePackagePrivate()
            .because("users do not see the door"));
  }

  @Test
  void theKernelKnowsNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAPackage(KERNEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, ASYNC, ENGINE, COMPILER)
            .because("tasks, locks and scopes are written on it, not it on them"));
  }

  @Test
  void nothingBelowKnowsTheStreams() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(IO)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(IO)
            .because("streams, processes and files are written on the event loop, not it on them"));
  }

  @Test
  void theStreamsKnowNoEngine() {
    check(
        noClasses()
            .that()
            .resideInAPackage(IO)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, COMPILER, RUNTIME)
            .because("they are written on Async and on the waits of the loop"));
  }

  @Test
  void onlyBodiesAndLoopsKnowTheEngines() {
    DescribedPredicate<JavaClass> doors =
        describe(
            "Bodies, and what runs a loop",
            type ->
                type.getName()
                    .replaceFirst("\\$.*", "")
                    .matches(".*\\.(Bodies|Loop|OwnThread|Guest)"));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(LOOP_AND_WINGS)
            .and(DescribedPredicate.not(doors))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, COMPILER)
            .because("bodies are opened in one place, and a thread acts for a loop while it runs"));
  }

  @Test
  void onlyTheSystemClockReadsTheTime() {
    DescribedPredicate<JavaClass> clock =
        describe("Clock", type -> type.getName().matches(".*\\.kernel\\.Clock(\\$.*)?"));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ENGINE)
            .and(DescribedPredicate.not(clock))
            .should()
            .accessTargetWhere(uses(System.class, "nanoTime"))
            .because("a loop's time is that of its clock, which tests turn"));
  }

  @Test
  void onlyTheEnginesTheWorkersAndTheWatchOfLoopsAndThePipesCreateThreads() {
    DescribedPredicate<JavaClass> workers =
        describe(
            "Workers, WatchThread or PipeThreads",
            type ->
                type.getName()
                    .matches(".*\\.(loop\\.Workers|watch\\.WatchThread|io\\.PipeThreads)(\\$.*)?"));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ENGINE)
            .and(DescribedPredicate.not(workers))
            .should()
            .accessTargetWhere(uses(Thread.class, "<init>"))
            .orShould()
            .beAssignableTo(Thread.class)
            .orShould()
            .accessTargetWhere(uses(ThreadFactory.class, "newThread"))
            .orShould()
            .accessTargetWhere(uses(Executors.class, ".*"))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.Thread\\$Builder.*")
            .because("who creates a thread must also end it"));
  }

  @Test
  void nobodyReadsTheWallClock() {
    check(
        noClasses()
            .that()
            .doNotHaveSimpleName("JvmStart") // the times of files are those of this clock
            .should()
            .accessTargetWhere(uses(System.class, "currentTimeMillis"))
            .orShould()
            .accessTargetWhere(uses(Instant.class, "now"))
            .orShould()
            .accessTargetWhere(uses(LocalDateTime.class, "now"))
            .because("it jumps, and tests cannot turn it"));
  }

  @Test
  void noInternalTypeShowsInTheApi() {
    check(
        classes()
            .that()
            .resideOutsideOfPackage(INTERNAL)
            .and(describe("visible to users", ArchitectureTest::visible))
            .should(mentionNothingInternal())
            .because("users cannot name a type of a package that is not exported"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }

  /** A call of, or a reference to, a member of the class or of a subclass. */
  private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String member) {
    return describe(
        owner.getName() + "." + member,
        access ->
            access.getTargetOwner().isAssignableTo(owner)
                && access.getTarget().getName().matches(member));
  }

  private static ArchCondition<JavaClass> mentionNothingInternal() {
    return new ArchCondition<>("mention no internal type to users") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream.concat(type.getInterfaces().stream(), type.getSuperclass().stream())
            .flatMap(ArchitectureTest::internalTypes)
            .forEach(bad -> events.add(violated(type, type.getName() + " inherits from " + bad)));
        type.getMembers().stream()
            .filter(member -> visible(member.getModifiers()))
            .forEach(
                member ->
                    signature(member)
                        .flatMap(ArchitectureTest::internalTypes)
                        .forEach(
                            bad ->
                                events.add(
                                    violated(member, member.getFullName() + " mentions " + bad))));
      }
    };
  }

  private static Stream<JavaType> signature(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit code = (JavaCodeUnit) member;
    Stream<JavaType> bounds =
        code.getTypeParameters().stream().flatMap(parameter -> parameter.getBounds().stream());
    Stream<JavaType> thrown = code.getThrowsClause().getTypes().stream().map(JavaType.class::cast);
    return Stream.of(
            Stream.of(code.getReturnType()), code.getParameterTypes().stream(), bounds, thrown)
        .flatMap(types -> types);
  }

  private static Stream<String> internalTypes(JavaType type) {
    return type.getAllInvolvedRawTypes().stream()
        .filter(JavaClass.Predicates.resideInAPackage(INTERNAL))
        .map(JavaClass::getName)
        .distinct();
  }

  private static boolean visible(JavaClass type) {
    return visible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureTest::visible).orElse(true);
  }

  private static boolean visible(Set<JavaModifier> modifiers) {
    return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
  }
}
