package io.fermata.examples;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles snippets, without output. One with a public type is compiled as it is. Of any other, the
 * declarations at the left margin become members of a class, the rest the body of a method in it;
 * the class has the usual imports, and the {@linkplain #PREAMBLE context} that snippets may use.
 */
final class SnippetCompiler {
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public .*?\\b(?:class|interface|record|enum) (\\w+)");
  private static final Pattern TYPE =
      Pattern.compile("(?:(?:final|abstract|sealed|static) )*(?:class|interface|record|enum) .*");
  private static final Pattern MEMBER =
      Pattern.compile(
          "@.*|(?:static|public|protected|private) .*"
              + "|(?!else |new |return |throw )[\\w.<>?,\\[\\] ]+ \\w+\\([^;]*\\{");

  private static final String IMPORTS =
      "import io.fermata.*; import io.fermata.async.*; import io.fermata.io.*; import"
          + " io.fermata.net.*; import java.io.*; import java.lang.ProcessBuilder.Redirect; import"
          + " java.nio.*; import java.nio.file.*; import java.time.*; import java.util.*; import"
          + " java.util.concurrent.*; import java.util.function.*; import java.util.stream.*;"
          + " import javax.swing.JButton; import javax.swing.JLabel; import"
          + " javax.swing.SwingUtilities;";

  private static final String PREAMBLE =
      """
      class Preamble {
        Generator<Integer> g;

        static void use(Object value) {}

        Awaiter co;
        Connection connection;
        Client client;
        String question;

        interface Connection {
          Async<Void> aclose();
        }

        interface Client {
          void ask(String question, Consumer<String> answer);
        }

        static Duration ms(int milliseconds) {
          return Duration.ofMillis(milliseconds);
        }

        static Async<String> greet(String name) {
          return Async.of(co -> "hello " + name);
        }

        static Async<Integer> count(String name) {
          return Async.of(co -> name.length());
        }

        static Async<Void> connect() {
          return Async.action(co -> {});
        }

        static Async<Void> login() {
          return Async.action(co -> {});
        }

        int stock, wanted, delivered, counter, balance;
        Job job;
        AsyncLock lock = AsyncLock.open();
        String page, url;
        AsyncReader in;
        AsyncWriter out;
        ByteSource source;
        ByteBuffer bytes;
        Path path, dir, log, report;
        String text;

        interface Job {
          Async<Void> run();
        }

        static Async<Void> warmUp() {
          return Async.action(co -> {});
        }

        static Async<Void> store(int value) {
          return Async.action(co -> {});
        }

        static Async<Integer> deposit() {
          return Async.of(co -> 1);
        }

        static Async<String> fetch(String url) {
          return Async.of(co -> url);
        }

        static void log(Object line) {}

        List<Task<String>> tasks = new ArrayList<>();

        static AsyncGenerator<String> rows(String query) {
          return AsyncGenerator.of(co -> co.yield(query));
        }

        static void retry(List<? extends Throwable> failures) {}

        ScopeAction<TcpStream> handler;
        String host;
        Path chain, key;
        io.netty.channel.Channel channel;
        io.netty.channel.EventLoopGroup group;

        static Async<Void> serve() {
          return Async.action(co -> {});
        }

        static byte[] answer(byte[] question) {
          return question;
        }

        JButton button;
        JLabel label;

        static Async<Void> showPrices() {
          return Async.action(co -> {});
        }

        static class Tree {
          Tree left, right;
          int value;
        }
      }
      """;

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final String classPath;

  SnippetCompiler(String classPath) {
    this.classPath = classPath;
  }

  /** The errors in a snippet, each with file and line. */
  List<String> errors(Snippet snippet) throws IOException {
    Matcher publicType = PUBLIC_TYPE.matcher(String.join("\n", snippet.lines()));
    Source source = new Source(publicType.find() ? publicType.group(1) : "Snippet");
    if (source.name.equals("Snippet")) {
      wrap(snippet, source);
    } else {
      for (int i = 0; i < snippet.lines().size(); i++) {
        source.add(snippet, i);
      }
    }

    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> options = List.of("--release", "17", "-proc:none", "-classpath", classPath);
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, diagnostics, options, null, List.of(source));
    task.analyze();
    return diagnostics.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(
            each ->
                snippet.file()
                    + ":"
                    + source.origin(each.getLineNumber(), snippet)
                    + ": "
                    + each.getMessage(null))
        .toList();
  }

  private static void wrap(Snippet snippet, Source source) {
    List<Integer> imports = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    List<Integer> statements = new ArrayList<>();
    List<String> lines = snippet.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("import ")) {
        imports.add(i);
      } else if (TYPE.matcher(line).matches() || MEMBER.matcher(line).matches()) {
        int end = endOfMember(lines, i);
        while (i <= end) {
          members.add(i++);
        }
        i--;
      } else {
        statements.add(i);
      }
    }

    source.add(IMPORTS);
    imports.forEach(i -> source.add(snippet, i));
    source.add(PREAMBLE);
    source.add("class Snippet extends Preamble {");
    for (int i : members) {
      boolean needsStatic = lines.get(i).matches("((final|abstract) )*class .*");
      source.add(snippet, i, needsStatic ? "static " : "");
    }
    source.add("void statements() throws Throwable {");
    statements.forEach(i -> source.add(snippet, i));
    source.add("}}");
  }

  /** The member's last line: one that closes at the margin, or the first if it is complete. */
  private static int endOfMember(List<String> lines, int start) {
    int i = start;
    while (i < lines.size() - 1 && lines.get(i).startsWith("@")) {
      i++;
    }
    String first = lines.get(i).replaceFirst("\\s*//.*", "");
    long open = first.chars().filter(c -> c == '{').count();
    long closed = first.chars().filter(c -> c == '}').count();
    if (open == closed && (first.endsWith("}") || first.endsWith(";"))) {
      return i;
    }
    while (i < lines.size() - 1 && !lines.get(i).startsWith("}")) {
      i++;
    }
    return i;
  }

  /** A source file in memory that knows which of its lines come from a snippet. */
  private static final class Source extends SimpleJavaFileObject {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> origins = new ArrayList<>(); // 0: from no snippet

    Source(String name) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.name = name;
    }

    void add(Snippet snippet, int index) {
      add(snippet, index, "");
    }

    void add(Snippet snippet, int index, String prefix) {
      text.append(prefix).append(snippet.lines().get(index)).append('\n');
      origins.add(snippet.line() + index);
    }

    void add(String scaffold) {
      scaffold.lines().forEach(line -> text.append(line).append('\n'));
      scaffold.lines().forEach(line -> origins.add(0));
    }

    /** The line in the document; for a line from no snippet, where the snippet begins. */
    int origin(long line, Snippet snippet) {
      int origin = line < 1 || line > origins.size() ? 0 : origins.get((int) line - 1);
      return origin == 0 ? snippet.line() : origin;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
