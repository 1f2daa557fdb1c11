package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.EventLoop;
import io.fermata.io.AsyncReader;
import io.fermata.io.ByteSource;
import io.fermata.io.Inlet;
import io.fermata.testing.TestLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of streams share: virtual time, a source that is fed by hand, and a log. */
abstract class IoTest {
  private static final Duration PATIENCE =
      Duration.ofMillis(Long.getLong("conformance.patience.millis", 20_000));

  final List<Object> log = new ArrayList<>();

  static void runAction(AsyncAction main) throws Exception {
    try (TestLoop loop = TestLoop.virtual().patience(PATIENCE)) {
      loop.run(Async.action(main));
    }
  }

  /** On a loop whose time is real, as processes and files do not wait for another. */
  static void runInRealTime(AsyncAction main) throws Exception {
    EventLoop.run(Async.waitFor(Async.action(main), Duration.ofSeconds(60)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Gives up one round. */
  static Async<Void> pause() {
    return Async.sleep(Duration.ZERO);
  }

  static void assertSays(Throwable failure, String part) {
    assertTrue(failure.getMessage().contains(part), failure.getMessage());
  }

  /** A source that is fed by hand, and counts what it is told. */
  static final class HandFed implements ByteSource {
    final List<String> told = new ArrayList<>();
    final Inlet inlet;
    final AsyncReader reader;

    HandFed(int limit) {
      inlet = Inlet.open("the test", this, limit);
      reader = inlet.reader();
    }

    HandFed feed(String text) {
      byte[] bytes = bytes(text);
      inlet.feed(bytes, 0, bytes.length);
      return this;
    }

    HandFed end() {
      inlet.end();
      return this;
    }

    void assertTold(String... what) {
      assertEquals(List.of(what), told);
    }

    @Override
    public void pause() {
      told.add("pause");
    }

    @Override
    public void resume() {
      told.add("resume");
    }

    @Override
    public void abandon() {
      told.add("close");
    }
  }

  static HandFed source() {
    return new HandFed(AsyncReader.DEFAULT_LIMIT);
  }

  static HandFed source(int limit) {
    return new HandFed(limit);
  }
}
