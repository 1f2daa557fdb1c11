package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Classes that a test compiles from source text, at the level of the running JDK. */
final class Sources {
  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:[a-z]+ )*(?:class|interface|enum|record) (\\w+)");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  /** Bytes of stack for the compiler. */
  private static final long STACK = 256L << 20;

  private final Map<String, byte[]> classes = new TreeMap<>();

  private Sources() {}

  /** Compiles files, each named after its first type. */
  static Sources compile(String... sources) {
    return compileWith(List.of("-g", "-proc:none"), sources);
  }

  /** As {@link #compile}, with options of javac. */
  static Sources compileWith(List<String> options, String... sources) {
    Sources made = new Sources();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var complaints = new DiagnosticCollector<JavaFileObject>();
    var standard = compiler.getStandardFileManager(complaints, null, null);
    try (var files = made.new Memory(standard)) {
      List<Text> texts = Arrays.stream(sources).map(Text::new).toList();
      var task = compiler.getTask(null, files, complaints, options, null, texts);
      assertTrue(onDeepStack(task), () -> complaints.getDiagnostics().toString());
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return made;
  }

  /** Calls the compiler, which recurses where an expression is deep. */
  private static boolean onDeepStack(JavaCompiler.CompilationTask task) {
    var called = new FutureTask<>(task);
    new Thread(null, called, "javac", STACK).start();
    try {
      return called.get();
    } catch (InterruptedException | ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Takes a class away. */
  Sources without(String name) {
    assertTrue(classes.remove(name) != null, () -> name + " is not among " + classes.keySet());
    return this;
  }

  /** The classes of one package. */
  Sources ofPackage(String name) {
    Sources some = new Sources();
    classes.forEach(
        (each, file) -> {
          if (each.startsWith(name + ".")) {
            some.classes.put(each, file);
          }
        });
    return some;
  }

  /** A class file that javac did not make. */
  static Sources assembled(String name, byte[] file) {
    Sources made = new Sources();
    made.classes.put(name, file);
    return made;
  }

  /** A new loader of these classes. */
  Loader loader() {
    return new Loader(classes);
  }

  /** A new loader of these classes, below another one. */
  Loader loader(ClassLoader parent) {
    return new Loader(classes, parent);
  }

  /** As {@link #loader}, but it shows no files. */
  Loader hidingLoader() {
    return new Loader(classes) {
      @Override
      public InputStream getResourceAsStream(String name) {
        return null;
      }
    };
  }

  /** Writes the class files into a directory. */
  Path writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> each : classes.entrySet()) {
      Path file = directory.resolve(each.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, each.getValue());
    }
    return directory;
  }

  /** As {@link #writeTo}, as if they had been there before the JVM started. */
  Path writeOldTo(Path directory) throws IOException {
    writeTo(directory);
    for (String each : classes.keySet()) {
      makeOld(directory.resolve(each.replace('.', '/') + ".class"));
    }
    return directory;
  }

  /** Makes a file older than the JVM, which else takes it for one that was not loaded. */
  static void makeOld(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
  }

  /** Defines the classes itself, and shows their files. */
  static class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      this(classes, Sources.class.getClassLoader());
    }

    Loader(Map<String, byte[]> classes, ClassLoader parent) {
      super(parent);
      this.classes = Map.copyOf(classes);
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

    /** Calls a static method without parameters. */
    Object call(String type, String method) throws ReflectiveOperationException {
      var found = loadClass(type).getDeclaredMethod(method);
      found.setAccessible(true);
      return found.invoke(null);
    }

    /** Calls a static method that makes a coroutine. */
    @SuppressWarnings("unchecked")
    Coroutine<Integer, Object, Object> coroutine(String type, String method)
        throws ReflectiveOperationException {
      return (Coroutine<Integer, Object, Object>) call(type, method);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String text) {
      super(URI.create("memory:///" + path(text)), Kind.SOURCE);
      this.text = text;
    }

    private static String path(String text) {
      Matcher name = NAME.matcher(text);
      Matcher in = PACKAGE.matcher(text);
      String type = name.find() ? name.group(1) : "module-info";
      return (in.find() ? in.group(1).replace('.', '/') + "/" : "") + type + ".java";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    Memory(JavaFileManager files) {
      super(files);
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
}
