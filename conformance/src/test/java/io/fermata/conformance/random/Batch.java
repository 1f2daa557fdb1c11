package io.fermata.conformance.random;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sources that are compiled by one call of javac. Those that it refuses are left out. */
final class Batch {
  /** What is said of a source that brings javac down. */
  static final String CRASH = "javac fails on it";

  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final StandardJavaFileManager FILES =
      JAVAC.getStandardFileManager(null, null, null);

  private final Map<String, byte[]> classes = new HashMap<>();
  private final Map<String, String> refused = new HashMap<>();

  /** Compiles sources, given by the binary names of their classes. */
  Batch(Map<String, String> sources) {
    Map<String, String> left = new LinkedHashMap<>(sources);
    while (!left.isEmpty() && !compile(left)) {
      int before = left.size();
      left.keySet().removeAll(refused.keySet());
      if (left.size() == before) {
        left.keySet().removeAll(crashing(left));
      }
    }
  }

  /** What javac said of the sources that it did not take. */
  Map<String, String> refused() {
    return refused;
  }

  /** A loader of its own for each run, so that static state is fresh. */
  ClassLoader loader() {
    return new Loader(classes);
  }

  /** Sources on which javac itself fails, found by halving. */
  private Set<String> crashing(Map<String, String> sources) {
    Set<String> found = new HashSet<>();
    List<String> names = new ArrayList<>(sources.keySet());
    names.remove(Host.BASE_NAME);
    if (names.size() <= 1) {
      if (names.isEmpty()) {
        throw new IllegalStateException("javac does not work: " + refused);
      }
      refused.put(names.get(0), CRASH);
      return Set.copyOf(names);
    }
    int middle = names.size() / 2;
    for (List<String> half :
        List.of(names.subList(0, middle), names.subList(middle, names.size()))) {
      Map<String, String> some = new LinkedHashMap<>();
      some.put(Host.BASE_NAME, Host.BASE);
      half.forEach(name -> some.put(name, sources.get(name)));
      if (!compile(some)) {
        found.addAll(crashing(some));
      }
    }
    return found;
  }

  private boolean compile(Map<String, String> sources) {
    classes.clear();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<Source> units =
        sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
    int release = Runtime.version().feature();
    boolean fine =
        JAVAC
            .getTask(
                new StringWriter(), // where it would report its own mistakes
                new Memory(),
                diagnostics,
                List.of(
                    "-g",
                    "-nowarn",
                    "-proc:none",
                    "-XDshould-stop.ifError=FLOW",
                    "--release",
                    String.valueOf(release),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                units)
            .call();
    Set<String> known = new HashSet<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        String name =
            diagnostic.getSource() instanceof Source source ? source.binaryName : "(no source)";
        if (known.add(name)) {
          refused.put(
              name, "line " + diagnostic.getLineNumber() + ": " + diagnostic.getMessage(null));
        }
      }
    }
    return fine;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String binaryName;
    private final String text;

    Source(String binaryName, String text) {
      super(URI.create("memory:///" + binaryName.replace('.', '/') + ".java"), Kind.SOURCE);
      this.binaryName = binaryName;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    Memory() {
      super(FILES);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(className, toByteArray());
            }
          };
        }
      };
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      super(Batch.class.getClassLoader());
      this.classes = Map.copyOf(classes);
      setDefaultAssertionStatus(true);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] file = classes.get(name);
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] file =
          name.endsWith(".class")
              ? classes.get(name.substring(0, name.length() - 6).replace('/', '.'))
              : null;
      return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
    }
  }
}
