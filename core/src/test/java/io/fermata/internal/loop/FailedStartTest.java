package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop that cannot begin leaves its thread as it was. */
class FailedStartTest {
  @SuppressWarnings("StaticAssignmentOfThrowable") // only its identity counts
  private static final NoClassDefFoundError MISSING = new NoClassDefFoundError("missing");

  private String failing = "";

  /** A loop whose monitor fails in one method. */
  private Loop loop() {
    LoopParts parts =
        new LoopParts() {
          @Override
          public LoopMonitor monitor(Loop loop) {
            return (LoopMonitor)
                Proxy.newProxyInstance(
                    LoopMonitor.class.getClassLoader(),
                    new Class<?>[] {LoopMonitor.class},
                    (proxy, method, arguments) -> {
                      if (method.getName().equals(failing)) {
                        throw MISSING;
                      }
                      return null;
                    });
          }

          @Override
          public Async<Void> shutdownOfGenerators(Loop loop) {
            return Async.sleep(Duration.ZERO);
          }
        };
    try (EventLoop face = EventLoop.open()) {
      return new Loop(face, new OwnThread(), parts);
    }
  }

  private static void assertFree() throws Exception {
    assertNull(Loop.running());
    assertEquals("ran", EventLoop.run(Async.of(co -> "ran")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"begin", "beginRun"})
  void theThreadIsFreeAfterAFailed(String method) throws Exception {
    Loop loop = loop();
    failing = method;
    for (int i = 0; i < 2; i++) {
      Throwable thrown =
          assertThrows(
              NoClassDefFoundError.class,
              () -> loop.home.runUntilComplete(Async.sleep(Duration.ZERO)));
      assertSame(MISSING, thrown);
      assertFree();
    }
    failing = "";
    loop.home.runUntilComplete(Async.sleep(Duration.ZERO));
    loop.home.close();
  }

  @Test
  void theThreadIsFreeAfterAFailedEnd() throws Exception {
    Loop loop = loop();
    failing = "end";
    assertThrows(
        NoClassDefFoundError.class, () -> loop.home.runUntilComplete(Async.sleep(Duration.ZERO)));
    assertFree();
    assertThrows(NoClassDefFoundError.class, loop.home::close);
    assertFree();
  }
}
