package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BodyCompilerTest {
  private final ClassFiles files = new ClassFiles(Scene::read);

  private List<FrameClass> compile(Target target) throws NotCompilable {
    BodyReference reference =
        new BodyReference("demo/Host", "help", "(ILio/fermata/Yielder;)I", true);
    BodyMethod body = new BodyFinder(reference, BodyKind.COROUTINE, files).find();
    return BodyCompiler.compile(body, 1, files, target);
  }

  @Test
  void theDocumentHasThePassesInTheirOrder() throws IOException {
    List<String> passes =
        matches(
            Path.of("src/main/java/io/fermata/internal/compiler/BodyCompiler.java"),
            "(?m)^    // (\\w+): ");
    assertTrue(passes.size() > 10, passes.toString());
    assertEquals(
        passes, matches(Path.of("../docs/compiler.md"), "(?m)^### \\d+\\. .*\\(`(\\w+)`[,)]"));
  }

  private static List<String> matches(Path file, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void aBodyIsAClassBesideItsHost() throws Exception {
    FrameClass frame = compile(host -> {}).get(0);
    assertEquals("demo/Host$fermata$help$1_coroutine", frame.name());
    assertEquals("demo/Host", frame.host());
    assertEquals("Host.java", frame.sourceFile());
    assertEquals("help", frame.method());
    assertEquals(1, frame.lines().length);
    assertEquals("everything in it can be compiled", frame.reason());
    assertTrue(frame.file().length > 0);
  }

  @Test
  void theSameMethodGivesTheSameBytes() throws Exception {
    assertEquals(
        java.util.Arrays.hashCode(compile(host -> {}).get(0).file()),
        java.util.Arrays.hashCode(compile(host -> {}).get(0).file()));
  }

  @Test
  void aHostThatTheTargetRefusesIsNotCompiled() {
    Target closed =
        host -> {
          throw new NotCompilable("closed: " + host.name);
        };
    NotCompilable refused = assertThrows(NotCompilable.class, () -> compile(closed));
    assertEquals("closed: demo/Host", Objects.requireNonNull(refused.getMessage()));
  }
}
