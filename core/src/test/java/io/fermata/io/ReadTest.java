package io.fermata.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTest {
  private static final int LIMIT = 4;

  /** Notes what the reader tells it. */
  private static final class Source implements ByteSource {
    boolean paused;

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
    }

    @Override
    public void abandon() {}
  }

  private final Source source = new Source();

  private Inlet inlet() {
    return Inlet.open("the test", source, LIMIT);
  }

  private static void feed(Inlet inlet, String text) {
    inlet.feed(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  private static void inLoop(AsyncAction body) throws Exception {
    EventLoop.run(Async.action(body));
  }

  private static Async<Exception> failureOf(Async<?> async) {
    return Async.of(
        co -> {
          try {
            co.await(async);
            throw new AssertionError("it has not failed");
          } catch (Exception failure) {
            return failure;
          }
        });
  }

  @Test
  void askingChangesNothing() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "ab\n");
          LineRead<?> line = LineRead.text(inlet.reader(), UTF_8);
          assertFalse(line.isReady());
          line.look();
          assertTrue(line.isReady());
          assertTrue(line.isReady());
          assertEquals(3, inlet.reader().available());
          co.await(line);
        });
  }

  @Test
  void aLineMayComeInSinglePieces() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          Task<String> line = Task.start(inlet.reader().readLine());
          for (String piece : List.of("a", "b", "\r", "\n", "c")) {
            co.await(Async.sleep(Duration.ZERO));
            feed(inlet, piece);
          }
          assertEquals("ab", co.await(line));
          assertEquals(1, inlet.reader().available());
        });
  }

  @Test
  void bytesAfterTheWakeUpCount() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          Task<byte[]> read = Task.start(inlet.reader().read(10));
          co.await(Async.sleep(Duration.ZERO));
          feed(inlet, "ab");
          feed(inlet, "cd");
          assertArrayEquals("abcd".getBytes(US_ASCII), co.await(read));
        });
  }

  @Test
  void aLineOfTheLimitIsGiven() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "abcd\n");
          assertEquals("abcd", co.await(inlet.reader().readLine()));
        });
  }

  @Test
  void aLongerLineIsDropped() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "abcde\nf\n");
          LimitOverrunException over =
              assertInstanceOf(
                  LimitOverrunException.class, co.await(failureOf(inlet.reader().readLine())));
          assertEquals(5, over.consumed());
          assertEquals("f", co.await(inlet.reader().readLine()));
        });
  }

  @Test
  void aLineEndAfterTheWakeUpCounts() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          Task<Exception> read = Task.start(failureOf(inlet.reader().readLine()));
          co.await(Async.sleep(Duration.ZERO));
          feed(inlet, "abcde"); // too long: wakes the task
          feed(inlet, "f\ng\n");
          LimitOverrunException over =
              assertInstanceOf(LimitOverrunException.class, co.await(read));
          assertEquals(6, over.consumed());
          assertEquals("g", co.await(inlet.reader().readLine()));
        });
  }

  @Test
  void anEmptyLineIsNotTheEnd() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "\n\r\n");
          assertEquals("", co.await(inlet.reader().readLine()));
          assertEquals("", co.await(inlet.reader().readLine()));
        });
  }

  @Test
  void aCarriageReturnWithoutNewlineStays() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "a\rb\r");
          inlet.end();
          assertEquals("a\rb\r", co.await(inlet.reader().readLine()));
        });
  }

  @Test
  void theRestIsALine() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "ab");
          inlet.end();
          assertEquals("ab", co.await(inlet.reader().readLine()));
          assertNull(co.await(inlet.reader().readLine()));
          assertEquals(0, co.await(inlet.reader().readLineBytes()).length);
        });
  }

  @Test
  void aSeparatorInTwoPiecesIsFound() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          Task<byte[]> read = Task.start(inlet.reader().readUntil("--"));
          co.await(Async.sleep(Duration.ZERO));
          feed(inlet, "ab-");
          feed(inlet, "-c");
          assertArrayEquals("ab--".getBytes(US_ASCII), co.await(read));
        });
  }

  @Test
  void theSeparatorThatEndsFirstCounts() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "abcd");
          byte[] longer = "abc".getBytes(US_ASCII);
          byte[] shorter = "b".getBytes(US_ASCII);
          assertArrayEquals(
              "ab".getBytes(US_ASCII), co.await(inlet.reader().readUntil(longer, shorter)));
        });
  }

  @Test
  void aWaitingReadResumesTheSource() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "x".repeat(2 * LIMIT + 1));
          assertTrue(source.paused);
          Task<byte[]> read = Task.start(inlet.reader().readExactly(20));
          co.await(Async.sleep(Duration.ZERO));
          assertFalse(source.paused);
          read.cancel(null);
          assertTrue(source.paused);
        });
  }

  @Test
  void moreCountsFromTheAwait() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          Async<Boolean> more = inlet.reader().more();
          feed(inlet, "a");
          Task<Boolean> waiting = Task.start(more);
          co.await(Async.sleep(Duration.ZERO));
          assertFalse(waiting.done());
          feed(inlet, "b");
          assertTrue(co.await(waiting));
        });
  }

  @Test
  void aSecondAwaitShowsTheBodysLine() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          feed(inlet, "ab\n");
          Async<String> line = inlet.reader().readLine();
          co.await(line);
          IllegalStateException refused =
              assertInstanceOf(IllegalStateException.class, co.await(failureOf(line)));
          assertTrue(refused.getMessage().startsWith("cannot await twice: readLine() of the test"));
          assertTrue(showsThisTest(refused));
        });
  }

  @Test
  void aFailureOfTheReadShowsTheBodysLine() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          inlet.end();
          IncompleteReadException failure =
              assertInstanceOf(
                  IncompleteReadException.class,
                  co.await(failureOf(inlet.reader().readExactly(1))));
          assertTrue(showsThisTest(failure));
        });
  }

  @Test
  void aBrokenStreamThrowsOneException() throws Exception {
    inLoop(
        co -> {
          Inlet inlet = inlet();
          IOException broken = new IOException("broken");
          inlet.fail(broken);
          StackTraceElement[] before = broken.getStackTrace();
          for (int i = 0; i < 2; i++) {
            assertSame(broken, co.await(failureOf(inlet.reader().read(1))));
          }
          assertArrayEquals(before, broken.getStackTrace());
        });
  }

  @Test
  void aReadInAnotherLoopIsRefused() throws Exception {
    Inlet[] of = new Inlet[1];
    inLoop(co -> of[0] = inlet());
    inLoop(
        co -> {
          AsyncReader reader = of[0].reader();
          IllegalStateException refused =
              assertInstanceOf(IllegalStateException.class, co.await(failureOf(reader.read(1))));
          assertTrue(refused.getMessage().contains("belongs to another loop"));
        });
  }

  private static boolean showsThisTest(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .anyMatch(line -> line.getClassName().startsWith(ReadTest.class.getName()));
  }
}
