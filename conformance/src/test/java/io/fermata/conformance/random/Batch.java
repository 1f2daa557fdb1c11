package io.fermata.conformance.random;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Programs that are compiled by one call of javac. Those that it refuses are left out. */
final class Batch {
  /** What is said of a program that brings javac down. */
  static final String CRASH = "javac fails on it";

  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final Listings FILES = new Listings();

  private final List<Program> programs;
  private final Map<String, byte[]> classes = new HashMap<>();
  private final Map<Integer, String> refused = new HashMap<>();

  /** Compiles programs. */
  Batch(List<Program> programs) {
    this.programs = programs;
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      left.add(i);
    }
    while (!left.isEmpty() && !compile(left)) {
      int before = left.size();
      left.removeAll(refused.keySet());
      if (left.size() == before) {
        left.removeAll(crashing(left));
      }
    }
  }

  /** What javac said of the programs that it did not take. */
  Map<Integer, String> refused() {
    return refused;
  }

  /** A loader of its own for each run, so that static state is fresh. */
  ClassLoader loader() {
    return new Loader(classes);
  }

  /** Programs on which javac itself fails, found by halving. */
  private Set<Integer> crashing(List<Integer> some) {
    if (some.size() == 1) {
      refused.put(some.get(0), CRASH);
      return Set.copyOf(some);
    }
    Set<Integer> found = new HashSet<>();
    int middle = some.size() / 2;
    for (List<Integer> half : List.of(some.subList(0, middle), some.subList(middle, some.size()))) {
      if (!compile(half)) {
        found.addAll(crashing(half));
      }
    }
    return found;
  }

  /** Makes class files of some of the programs; false if javac does not take them all. */
  private boolean compile(List<Integer> some) {
    classes.clear();
    Map<Integer, Program> named = new TreeMap<>();
    some.forEach(index -> named.put(index, programs.get(index)));
    Host.Source host = Host.source(named);
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    boolean fine =
        JAVAC
            .getTask(
                new StringWriter(), // where it would report its own mistakes
                new Memory(),
                diagnostics,
                List.of("-g", "-nowarn", "-proc:none", "-XDshould-stop.ifError=FLOW"),
                null,
                List.of(new Source(Host.BASE_NAME, Host.BASE), new Source(Host.NAME, host.text())))
            .call();
    for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        long line = diagnostic.getLineNumber();
        String text = "line " + line + ": " + diagnostic.getMessage(null);
        Integer index = host.programAt(line);
        if (index == null) {
          throw new IllegalStateException("what all programs share is wrong: " + text);
        }
        String source = host.text().lines().skip(line - 1).findFirst().orElse("");
        refused.putIfAbsent(index, text + ": " + source);
      }
    }
    return fine;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String binaryName, String text) {
      super(URI.create("memory:///" + binaryName.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** The classes that sources can use; what a package holds is looked up once. */
  private static final class Listings extends ForwardingJavaFileManager<JavaFileManager> {
    private record Request(Location location, String name, Set<?> kinds, boolean recurse) {}

    private final Map<Request, List<JavaFileObject>> known = new HashMap<>();

    Listings() {
      super(JAVAC.getStandardFileManager(null, null, null));
    }

    @Override
    public Iterable<JavaFileObject> list(
        Location location, String name, Set<JavaFileObject.Kind> kinds, boolean recurse)
        throws IOException {
      Request request = new Request(location, name, kinds, recurse);
      List<JavaFileObject> found = known.get(request);
      if (found == null) {
        found = new ArrayList<>();
        super.list(location, name, kinds, recurse).forEach(found::add);
        known.put(request, found);
      }
      return found;
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
