package io.fermata.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The numbered rules, as the pages in {@code catalogue} list them. */
final class Catalogue {
  /** One rule; {@code excuse} says why no test carries its number, and is empty if one has to. */
  record Rule(String number, String level, String text, Excuse kind, String excuse) {}

  enum Excuse {
    NONE,
    NOT_APPLICABLE,
    NOT_TESTED
  }

  private static final Pattern NUMBER = Pattern.compile("\\b[A-Z]-\\d{3}\\b");

  /** Names of other things that look like numbers of rules. */
  private static final Set<String> OTHER_NAMES = Set.of("P-256");

  private static final Pattern RULE =
      Pattern.compile(
          "- \\*\\*([A-Z]-\\d{3})\\*\\* `(core|edge)` (.+? Source: .+?)"
              + "(?: \\*\\*(Not applicable|Not tested):\\*\\* (.+))?");

  private final Map<String, Rule> rules = new TreeMap<>();

  /** Reads every page of a folder. */
  static Catalogue in(Path folder) {
    Catalogue catalogue = new Catalogue();
    try (Stream<Path> pages = Files.list(folder)) {
      pages
          .filter(page -> page.toString().endsWith(".md") && !page.endsWith("README.md"))
          .sorted()
          .forEach(page -> catalogue.add(text(page)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return catalogue;
  }

  static Catalogue of(String page) {
    Catalogue catalogue = new Catalogue();
    catalogue.add(page);
    return catalogue;
  }

  private void add(String page) {
    for (String block : page.split("\n(?=- |\n|#)")) {
      String item = block.strip().replaceAll("\\s*\n\\s*", " ");
      if (!item.startsWith("- ")) {
        continue; // a heading, or prose
      }
      Rule rule = rule(item);
      if (rules.put(rule.number(), rule) != null) {
        throw new IllegalStateException(rule.number() + " stands twice in the catalogue");
      }
    }
  }

  private static Rule rule(String item) {
    Matcher matcher = RULE.matcher(item);
    if (!matcher.matches()) {
      throw new IllegalStateException("not in the form of a rule: " + item);
    }
    String excuse = matcher.group(5) == null ? "" : matcher.group(5);
    Excuse kind = Excuse.NONE;
    if (matcher.group(4) != null) {
      kind = matcher.group(4).equals("Not applicable") ? Excuse.NOT_APPLICABLE : Excuse.NOT_TESTED;
    }
    return new Rule(matcher.group(1), matcher.group(2), matcher.group(3), kind, excuse);
  }

  Collection<Rule> rules() {
    return rules.values();
  }

  Set<String> numbers(Predicate<Rule> which) {
    return rules.values().stream()
        .filter(which)
        .map(Rule::number)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Numbers that a text refers to and that have no rule. */
  Set<String> unresolved(String text) {
    return NUMBER
        .matcher(text)
        .results()
        .map(match -> match.group())
        .filter(number -> !OTHER_NAMES.contains(number) && !rules.containsKey(number))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Each unresolved number in the files, after the name of its file. */
  List<String> unresolved(Stream<Path> files) {
    return files
        .flatMap(file -> unresolved(text(file)).stream().map(number -> file + ": " + number))
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
