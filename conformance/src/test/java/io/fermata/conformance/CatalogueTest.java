package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the tests against the catalogue: {@code catalogue.txt} has the number and level of every
 * entry, {@code not-applicable.txt} the entries that have no meaning in Java, with the reason.
 */
class CatalogueTest {
  private static final Predicate<String> NUMBER = line -> line.matches("[A-Z]-\\d{3} .*");

  private final Map<String, String> catalogue = read("catalogue.txt");
  private final Map<String, String> notApplicable = read("not-applicable.txt");
  private final List<Method> tests = conformingMethods();
  private final Set<String> tested =
      tests.stream()
          .flatMap(test -> Stream.of(test.getAnnotation(Conforms.class).value()))
          .collect(Collectors.toCollection(TreeSet::new));

  @Test
  void everyEntryIsTestedOrListedAsNotApplicable() {
    Set<String> missing = new TreeSet<>(catalogue.keySet());
    missing.removeAll(tested);
    missing.removeAll(notApplicable.keySet());

    assertEquals(Set.of(), missing);
  }

  @Test
  void everyNumberThatATestCarriesIsInTheCatalogue() {
    Set<String> unknown = new TreeSet<>(tested);
    unknown.removeAll(catalogue.keySet());

    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyNumberListedAsNotApplicableIsInTheCatalogue() {
    Set<String> unknown = new TreeSet<>(notApplicable.keySet());
    unknown.removeAll(catalogue.keySet());

    assertEquals(Set.of(), unknown);
  }

  @Test
  void noEntryIsBothTestedAndNotApplicable() {
    Set<String> both = new TreeSet<>(tested);
    both.retainAll(notApplicable.keySet());

    assertEquals(Set.of(), both);
  }

  @Test
  void whatIsNotApplicableHasAReason() {
    notApplicable.forEach(
        (number, reason) -> assertTrue(reason.split("\\s+").length >= 4, number + ": " + reason));
  }

  @Test
  void everyEntryHasALevel() {
    catalogue.forEach(
        (number, level) -> assertTrue(Set.of("core", "edge").contains(level), number));
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

  /** Lines of a number, white space, and the rest. */
  private static Map<String, String> read(String resource) {
    Map<String, String> entries = new LinkedHashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    CatalogueTest.class.getResourceAsStream("/" + resource), resource),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        assertTrue(NUMBER.test(line), () -> resource + " has no number at the start of a line");
        String[] parts = line.split("\\s+", 2);
        assertEquals(null, entries.put(parts[0], parts[1]), resource + " has it twice");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return entries;
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
