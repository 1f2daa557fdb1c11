package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.conformance.Catalogue.Excuse;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Holds tests, comments and documentation against the {@link Catalogue}. The tag: it loads all
 * tests, those of the network too.
 */
@Tag("net")
class CatalogueTest {
  private static final Path ROOT = Path.of("..");

  /** Edge rules may lack a test, but no more of them than today. */
  private static final int MOST_UNTESTED = 4;

  private final Catalogue catalogue = Catalogue.in(Path.of("catalogue"));
  private final List<Method> tests = conformingMethods();
  private final Set<String> tested =
      tests.stream()
          .flatMap(test -> Stream.of(test.getAnnotation(Conforms.class).value()))
          .collect(Collectors.toCollection(TreeSet::new));

  @Test
  void everyRuleIsTestedOrSaysWhyNot() {
    Set<String> missing = catalogue.numbers(rule -> rule.kind() == Excuse.NONE);
    missing.removeAll(tested);

    assertEquals(Set.of(), missing);
  }

  @Test
  void noRuleIsBothTestedAndExcused() {
    Set<String> both = catalogue.numbers(rule -> rule.kind() != Excuse.NONE);
    both.retainAll(tested);

    assertEquals(Set.of(), both);
  }

  @Test
  void onlyEdgeRulesAreNotTested() {
    Set<String> core =
        catalogue.numbers(rule -> rule.kind() == Excuse.NOT_TESTED && rule.level().equals("core"));

    assertEquals(Set.of(), core);
  }

  @Test
  void rulesThatAreNotTestedArePrinted() {
    Set<String> numbers = catalogue.numbers(rule -> rule.kind() == Excuse.NOT_TESTED);

    System.out.println("Rules of the catalogue that are not tested: " + numbers);
    assertTrue(numbers.size() <= MOST_UNTESTED, numbers.toString());
  }

  @Test
  void everyExcuseIsASentence() {
    for (Catalogue.Rule rule : catalogue.rules()) {
      if (rule.kind() != Excuse.NONE) {
        assertTrue(rule.excuse().split("\\s+").length >= 4, rule.toString());
      }
    }
  }

  @Test
  void everyNumberOfATestHasARule() {
    Set<String> unknown = new TreeSet<>(tested);
    unknown.removeAll(catalogue.numbers(rule -> true));

    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyNumberInSourcesAndDocsHasARule() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(ROOT)) {
      tree.filter(CatalogueTest::isSourceOrPage).forEach(files::add);
    }

    assertTrue(files.contains(ROOT.resolve("docs/decisions.md")), files.toString());
    assertEquals(List.of(), catalogue.unresolved(files.stream()));
  }

  private static boolean isSourceOrPage(Path file) {
    String name = ROOT.relativize(file).toString().replace(File.separatorChar, '/');
    return (name.endsWith(".java") || name.endsWith(".md"))
        && !name.matches("(.*/)?(target|\\.[^/]+)/.*")
        && !name.endsWith("conformance/CatalogueTest.java");
  }

  /** The index of the pages counts the rules of each page. */
  @Test
  void theIndexCountsTheRules() throws IOException {
    String index = Files.readString(Path.of("catalogue/README.md"));
    List<Path> pages;
    try (Stream<Path> all = Files.list(Path.of("catalogue"))) {
      pages = all.filter(page -> !page.endsWith("README.md")).toList();
    }

    for (Path page : pages) {
      TreeSet<String> numbers =
          new TreeSet<>(Catalogue.of(Files.readString(page)).numbers(rule -> true));
      String row =
          "(%s) | %d | %s to %s |"
              .formatted(page.getFileName(), numbers.size(), numbers.first(), numbers.last());
      assertTrue(index.contains(row), row);
    }
  }

  // That mistakes are found

  @Test
  void aNumberThatStandsTwiceIsRefused() {
    String rule = "- **G-001** `core` A rule. Source: run.\n";

    assertThrows(IllegalStateException.class, () -> Catalogue.of(rule + rule));
  }

  @Test
  void anItemInAnotherFormIsRefused() {
    String page = "- **G-001** `both` A rule. Source: run.\n";

    assertThrows(IllegalStateException.class, () -> Catalogue.of(page));
  }

  @Test
  void aNumberWithoutARuleIsFound() {
    Catalogue one = Catalogue.of("- **G-001** `core` A rule. Source: run.\n");

    assertEquals(Set.of("G-002"), one.unresolved("see G-001, G-002 and the curve P-256"));
  }

  @Test
  void aRuleMayRunOverSeveralLines() {
    Catalogue one =
        Catalogue.of(
            """
            # G: Generators

            - **G-001** `edge` A rule
              of two lines. Source: run. **Not
              tested:** nobody has tried so far.
            - **G-002** `core` Another. Source: PEP 342.
            """);

    assertEquals(Set.of("G-001"), one.numbers(rule -> rule.kind() == Excuse.NOT_TESTED));
    assertEquals(Set.of("G-001", "G-002"), one.numbers(rule -> true));
  }

  @Test
  void everyMethodThatCarriesANumberIsATestOnEveryEngine() {
    List<Method> idle =
        tests.stream().filter(test -> !test.isAnnotationPresent(EngineTest.class)).toList();

    assertEquals(List.of(), idle);
  }

  /** Surefire runs the classes whose names end in Test; JUnit leaves out the rest. */
  @Test
  void everyMethodThatCarriesANumberIsRunUnconditionally() {
    List<Method> left =
        tests.stream()
            .filter(
                test ->
                    !test.getDeclaringClass().getName().endsWith("Test")
                        || Modifier.isAbstract(test.getDeclaringClass().getModifiers())
                        || Modifier.isPrivate(test.getModifiers())
                        || Modifier.isStatic(test.getModifiers())
                        || isConditional(test)
                        || isConditional(test.getDeclaringClass()))
            .toList();

    assertEquals(List.of(), left);
  }

  private static boolean isConditional(AnnotatedElement element) {
    return Stream.of(element.getAnnotations())
        .map(annotation -> annotation.annotationType().getSimpleName())
        .anyMatch(name -> name.startsWith("Disabled") || name.startsWith("Enabled"));
  }

  private static List<Method> conformingMethods() {
    Path root;
    try {
      root =
          Path.of(CatalogueTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .resolve("io/fermata/conformance");
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .map(name -> load(name.replace(root.getFileSystem().getSeparator(), ".")))
          .flatMap(type -> Stream.of(type.getDeclaredMethods()))
          .filter(method -> method.isAnnotationPresent(Conforms.class))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(
          CatalogueTest.class.getPackageName() + "." + name,
          false,
          CatalogueTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
