package io.fermata.conformance;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.async.EventLoop;
import io.fermata.net.TcpStream;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Holds the public API of what is published to the text in docs/api.txt, so that no change of it
 * goes unseen.
 */
@Tag("net")
class ApiDumpTest {
  private static final Path CHECKED_IN = Path.of("..", "docs", "api.txt");
  private static final String REWRITE =
      "mvn -pl conformance -am test -Dtest=ApiDumpTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dapi.write=true";

  /** Each by one of its classes. */
  private static List<Class<?>> modules() {
    return List.of(EventLoop.class, TestLoop.class, TcpStream.class);
  }

  @Test
  void theApiIsTheOneCheckedIn() throws Exception {
    List<String> api = dump();
    if (Boolean.getBoolean("api.write")) {
      Files.createDirectories(CHECKED_IN.getParent());
      Files.write(CHECKED_IN, api);
    }
    List<String> checkedIn = Files.exists(CHECKED_IN) ? Files.readAllLines(CHECKED_IN) : List.of();
    if (!api.equals(checkedIn)) {
      fail(
          "the public API differs from docs/api.txt (- only there, + only in the code):\n"
              + String.join("\n", difference(checkedIn, api))
              + "\nIf the change is meant, rewrite the file and commit it: "
              + REWRITE);
    }
  }

  private static List<String> dump() throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("# The public API. Written by: " + REWRITE);
    for (Class<?> ofModule : modules()) {
      ModuleReference module = moduleOf(ofModule);
      lines.add("");
      lines.add("# " + module.descriptor().name());
      for (String name : exportedClasses(module)) {
        Class<?> type = Class.forName(name, false, ofModule.getClassLoader());
        if (visible(type)) {
          lines.add("");
          lines.add(declaration(type));
          members(type).forEach(member -> lines.add("  " + member));
        }
      }
    }
    return lines;
  }

  /** The classes are on the class path, so they cannot tell their module themselves. */
  private static ModuleReference moduleOf(Class<?> type) throws URISyntaxException {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    return ModuleFinder.of(place).findAll().iterator().next();
  }

  private static SortedSet<String> exportedClasses(ModuleReference module) throws IOException {
    Set<String> exported =
        module.descriptor().exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    try (ModuleReader files = module.open();
        Stream<String> names = files.list()) {
      return names
          .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
          .map(name -> name.replaceFirst("\\.class$", "").replace('/', '.'))
          .filter(name -> exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.')))))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static boolean visible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || !visible(type.getModifiers())) {
      return false;
    }
    return type.getDeclaringClass() == null || visible(type.getDeclaringClass());
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  // Text

  private static String declaration(Class<?> type) {
    int shown = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC;
    String kind = "class";
    if (type.isAnnotation()) {
      kind = "@interface";
    } else if (type.isInterface()) {
      kind = "interface";
    } else if (type.isEnum()) {
      kind = "enum";
    } else {
      shown |= Modifier.ABSTRACT | Modifier.FINAL;
      kind = type.isRecord() ? "record" : "class";
    }
    Type parent = type.getGenericSuperclass();
    boolean tells = parent != null && parent != Object.class && !type.isEnum() && !type.isRecord();
    return deprecated(type.isAnnotationPresent(Deprecated.class))
        + modifiers(type.getModifiers() & shown)
        + (type.isSealed() ? "sealed " : "")
        + kind
        + " "
        + type.getName()
        + parameters(type.getTypeParameters())
        + (tells ? " extends " + name(parent) : "")
        + list(type.isInterface() ? " extends " : " implements ", type.getGenericInterfaces())
        + (type.isSealed() ? list(" permits ", type.getPermittedSubclasses()) : "");
  }

  private static List<String> members(Class<?> type) throws IllegalAccessException {
    List<String> lines = new ArrayList<>();
    if (type.isEnum()) {
      lines.add(
          Stream.of(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).collect(joining(", ")));
    }
    SortedSet<String> fields = new TreeSet<>();
    SortedSet<String> constructors = new TreeSet<>();
    SortedSet<String> methods = new TreeSet<>();
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (shown(constructor)) {
        constructors.add(code(constructor, type.getSimpleName()));
      }
    }
    for (Class<?> declaring : withHiddenParents(type)) {
      for (Field field : declaring.getDeclaredFields()) {
        if (shown(field) && !field.isEnumConstant()) {
          fields.add(field(field));
        }
      }
      for (Method method : declaring.getDeclaredMethods()) {
        if (shown(method) && !ofEveryEnum(method)) {
          methods.add(code(method, name(method.getGenericReturnType()) + " " + method.getName()));
        }
      }
    }
    lines.addAll(fields);
    lines.addAll(constructors);
    lines.addAll(methods);
    return lines;
  }

  /** The class, and the parents that users cannot name but whose members they inherit from it. */
  private static List<Class<?>> withHiddenParents(Class<?> type) {
    List<Class<?>> found = new ArrayList<>(List.of(type));
    Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
        .filter(parent -> parent.getName().startsWith("io.fermata.") && !visible(parent))
        .forEach(parent -> found.addAll(withHiddenParents(parent)));
    return found;
  }

  private static boolean shown(Member member) {
    return visible(member.getModifiers()) && !member.isSynthetic();
  }

  private static boolean ofEveryEnum(Method method) {
    return method.getDeclaringClass().isEnum()
        && Modifier.isStatic(method.getModifiers())
        && List.of("values", "valueOf").contains(method.getName());
  }

  private static String field(Field field) throws IllegalAccessException {
    int constant = Modifier.STATIC | Modifier.FINAL;
    String value = "";
    if ((field.getModifiers() & constant) == constant
        && (field.getType().isPrimitive() || field.getType() == String.class)) {
      field.setAccessible(true);
      value = " = " + field.get(null); // classes compiled against it have it inlined
    }
    return deprecated(field.isAnnotationPresent(Deprecated.class))
        + modifiers(field.getModifiers())
        + name(field.getGenericType())
        + " "
        + field.getName()
        + value;
  }

  private static String code(Executable code, String resultAndName) {
    boolean ofInterface = code.getDeclaringClass().isInterface();
    int shown = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL;
    String parameters =
        Arrays.stream(code.getGenericParameterTypes())
            .map(ApiDumpTest::name)
            .collect(joining(", ", "(", ")"));
    return deprecated(code.isAnnotationPresent(Deprecated.class))
        + modifiers(code.getModifiers() & (ofInterface ? shown : shown | Modifier.ABSTRACT))
        + (code instanceof Method method && method.isDefault() ? "default " : "")
        + (parameters(code.getTypeParameters()) + " ").stripLeading()
        + resultAndName
        + (code.isVarArgs() ? parameters.replaceFirst("\\[]\\)$", "...)") : parameters)
        + list(" throws ", code.getGenericExceptionTypes());
  }

  private static String deprecated(boolean deprecated) {
    return deprecated ? "@Deprecated " : "";
  }

  private static String modifiers(int modifiers) {
    return (Modifier.toString(modifiers) + " ").stripLeading();
  }

  private static String parameters(TypeVariable<?>[] parameters) {
    return parameters.length == 0
        ? ""
        : Stream.of(parameters).map(ApiDumpTest::bounded).collect(joining(", ", "<", ">"));
  }

  private static String bounded(TypeVariable<?> parameter) {
    String bounds =
        Stream.of(parameter.getBounds())
            .filter(bound -> bound != Object.class)
            .map(ApiDumpTest::name)
            .collect(joining(" & "));
    return parameter.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
  }

  private static String list(String intro, Type[] types) {
    return types.length == 0
        ? ""
        : Stream.of(types).map(ApiDumpTest::name).collect(joining(", ", intro, ""));
  }

  /** The name without the package, for the packages that the reader knows. */
  private static String name(Type type) {
    return type.getTypeName()
        .replaceAll("\\b(java|io\\.fermata)(\\.[a-z]+)*\\.([A-Z])", "$3")
        .replace('$', '.');
  }

  // Difference

  /** The lines that only one side has, each after the class it belongs to. */
  private static List<String> difference(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    String context = "";
    for (int i = 0, j = 0; i < before.size() || j < after.size(); ) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        context = before.get(i).startsWith(" ") ? context : before.get(i);
        i++;
        j++;
        continue;
      }
      if (!context.isEmpty()) {
        lines.add("  " + context);
        context = "";
      }
      boolean gone =
          j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1]);
      lines.add(gone ? "- " + before.get(i++) : "+ " + after.get(j++));
    }
    return lines;
  }
}
