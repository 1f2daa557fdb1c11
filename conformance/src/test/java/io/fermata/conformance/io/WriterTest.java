package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncWriter;
import io.fermata.io.ByteSink;
import io.fermata.io.CollectingSink;
import io.fermata.io.Outlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writing: what the sink gets and when, who waits for room, and how it ends. */
class WriterTest extends IoTest {
  /** A sink that notes what it is given, and answers when it is told to. */
  private static final class Slow implements ByteSink {
    final List<String> given = new ArrayList<>();
    final Outlet outlet;
    final AsyncWriter writer;

    Slow(int limit) {
      outlet = Outlet.open("the test", this, limit);
      writer = outlet.writer();
    }

    void assertGiven(String... what) {
      assertEquals(List.of(what), given);
    }

    @Override
    public void write(ByteBuffer bytes) {
      given.add(StandardCharsets.ISO_8859_1.decode(bytes).toString());
    }

    @Override
    public void end() {
      given.add("(end)");
    }

    @Override
    public void close() {
      given.add("(close)");
    }

    @Override
    public void abort() {
      given.add("(abort)");
    }
  }

  private static Slow sink() {
    return new Slow(AsyncWriter.DEFAULT_LIMIT);
  }

  @EngineTest
  @Conforms({"I-018"})
  void whatIsWrittenInOneRoundGoesToTheSinkInOneBatch() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("ab"));
          co.await(sink.writer.write(bytes("xcdx"), 1, 2));
          ByteBuffer buffer = ByteBuffer.wrap(bytes("ef"));
          co.await(sink.writer.write(buffer));
          assertFalse(buffer.hasRemaining());
          co.await(sink.writer.writeAll(List.of(bytes("g"), bytes("h"))));
          assertTrue(sink.writer.tryWrite(bytes("i")));
          sink.assertGiven();
          co.await(pause());
          sink.assertGiven("abcdefghi");
        });
  }

  @EngineTest
  @Conforms({"I-018"})
  void theSinkGetsTheNextBatchWhenItHasAnswered() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("a"));
          co.await(pause());
          co.await(sink.writer.write("b"));
          co.await(pause());
          co.await(sink.writer.write("c"));
          co.await(pause());
          sink.assertGiven("a");
          assertEquals(3, sink.writer.pending());
          sink.outlet.written();
          sink.assertGiven("a", "bc");
          sink.outlet.written();
          assertEquals(0, sink.writer.pending());
        });
  }

  @EngineTest
  @Conforms({"I-018"})
  void aWriteThatNobodyAwaitsWritesNothing() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          var unused = sink.writer.write("never");
          co.await(pause());
          sink.assertGiven();
        });
  }

  @EngineTest
  @Conforms({"I-019"})
  void drainWaitsFromAboveTheLimitToAQuarterOfIt() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(8);
          co.await(sink.writer.write("12345678"));
          co.await(sink.writer.drain());
          co.await(pause());
          co.await(sink.writer.write("9"));
          Task<Void> one = Task.eager().start(sink.writer.drain());
          Task<Void> other = Task.eager().start(sink.writer.drain());
          assertFalse(sink.writer.tryWrite(bytes("x")));
          assertFalse(one.done());
          sink.outlet.written();
          co.await(one);
          co.await(other);
          assertTrue(sink.writer.tryWrite(bytes("x")));
        });
  }

  @EngineTest
  @Conforms({"I-019"})
  void drainGoesOnWaitingWhileMoreThanAQuarterIsPending() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(8);
          co.await(sink.writer.write("1234567"));
          co.await(pause());
          co.await(sink.writer.write("890"));
          Task<Void> draining = Task.eager().start(sink.writer.drain());
          sink.outlet.written();
          co.await(pause());
          assertFalse(draining.done());
          sink.outlet.written();
          co.await(draining);
        });
  }

  @EngineTest
  @Conforms({"I-019"})
  void writersThatWaitForRoomGoOnInTheirOrderOneByOne() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(2);
          co.await(sink.writer.write("abc"));
          Task<Void> first = Task.eager().start(sink.writer.write("123"));
          Task<Void> second = Task.eager().start(sink.writer.write("456"));
          co.await(pause());
          sink.assertGiven("abc");
          sink.outlet.written();
          co.await(first);
          co.await(pause());
          assertFalse(second.done());
          sink.assertGiven("abc", "123");
          sink.outlet.written();
          co.await(second);
        });
  }

  @EngineTest
  @Conforms({"I-019"})
  void aWriteThatIsCancelledWhileItWaitsHasWrittenNothing() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(2);
          co.await(sink.writer.write("abc"));
          Task<Void> first = Task.eager().start(sink.writer.write("lost"));
          Task<Void> woken = Task.eager().start(sink.writer.write("lost, too"));
          Task<Void> second = Task.eager().start(sink.writer.write("kept"));
          first.cancel("enough");
          co.await(pause());
          sink.outlet.written();
          woken.cancel("enough");
          co.await(second);
          assertThrows(Cancelled.class, () -> co.await(first));
          assertThrows(Cancelled.class, () -> co.await(woken));
          co.await(pause());
          sink.assertGiven("abc", "kept");
        });
  }

  @EngineTest
  @Conforms({"I-019"})
  void withALimitOfZeroEachWriteWaitsForTheOneBefore() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(0);
          co.await(sink.writer.write("a"));
          assertFalse(sink.writer.tryWrite(bytes("b")));
          co.await(pause());
          sink.outlet.written();
          assertTrue(sink.writer.tryWrite(bytes("b")));
        });
  }

  @EngineTest
  @Conforms({"I-020"})
  void aFailureOfTheStreamIsThrownByAllThatWaitAndByEveryWrite() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(1);
          co.await(sink.writer.write("ab"));
          Task<Void> writing = Task.eager().start(sink.writer.write("c"));
          Task<Void> draining = Task.eager().start(sink.writer.drain());
          Task<Void> flushing = Task.eager().start(sink.writer.flush());
          Task<Void> closed = Task.eager().start(sink.writer.whenClosed());
          co.await(pause());
          IOException broken = new IOException("broken");
          sink.outlet.failed(broken);
          sink.outlet.failed(new IOException("too late"));
          for (Task<Void> each : List.of(writing, draining, flushing, closed)) {
            assertSame(broken, assertThrows(IOException.class, () -> co.await(each)));
          }
          assertSame(
              broken, assertThrows(IOException.class, () -> co.await(sink.writer.write("d"))));
          assertSame(
              broken, assertThrows(IOException.class, () -> sink.writer.tryWrite(bytes("d"))));
          assertSame(broken, assertThrows(IOException.class, () -> co.await(sink.writer.drain())));
          assertTrue(sink.writer.isClosing());
          assertEquals(0, sink.writer.pending());
        });
  }

  @EngineTest
  @Conforms({"I-020"})
  void aWriteAfterClosingFailsSoThatALoopCannotSpin() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          sink.writer.close();
          assertSays(
              assertThrows(IOException.class, () -> co.await(sink.writer.write("x"))),
              "cannot write to the test: it was closed");
          assertThrows(IOException.class, () -> sink.writer.tryWrite(bytes("x")));
        });
  }

  @EngineTest
  @Conforms({"I-021"})
  void theEndIsToldAfterWhatWasWrittenAndNothingCanFollow() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("last"));
          sink.writer.end();
          sink.writer.end();
          Task<Void> flushing = Task.eager().start(sink.writer.flush());
          assertThrows(IllegalStateException.class, () -> co.await(sink.writer.write("x")));
          assertThrows(IllegalStateException.class, () -> sink.writer.tryWrite(bytes("x")));
          co.await(pause());
          sink.assertGiven("last");
          sink.outlet.written();
          sink.assertGiven("last", "(end)");
          co.await(pause());
          assertFalse(flushing.done());
          sink.outlet.written();
          co.await(flushing);
          assertFalse(sink.writer.isClosing());
          sink.assertGiven("last", "(end)");
        });
  }

  @EngineTest
  @Conforms({"I-022"})
  void closingFlushesFirstAndIsToldOnce() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("last"));
          sink.writer.close();
          sink.writer.close();
          assertTrue(sink.writer.isClosing());
          Task<Void> closing = Task.eager().start(sink.writer.aclose());
          co.await(pause());
          sink.assertGiven("last");
          sink.outlet.written();
          sink.assertGiven("last", "(close)");
          co.await(pause());
          assertFalse(closing.done());
          sink.outlet.closed();
          assertNull(co.await(closing));
          assertNull(co.await(sink.writer.whenClosed()));
          assertNull(co.await(sink.writer.aclose()));
          sink.assertGiven("last", "(close)");
        });
  }

  @EngineTest
  @Conforms({"I-022"})
  void closingAStreamThatWasLostByAnErrorThrowsThat() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("last"));
          sink.writer.close();
          co.await(pause());
          IOException broken = new IOException("broken");
          sink.outlet.failed(broken);
          assertSame(
              broken, assertThrows(IOException.class, () -> co.await(sink.writer.whenClosed())));
          assertSame(broken, assertThrows(IOException.class, () -> co.await(sink.writer.aclose())));
        });
  }

  @EngineTest
  @Conforms({"I-022"})
  void abortingDropsWhatIsPending() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("under way"));
          co.await(pause());
          co.await(sink.writer.write("dropped"));
          Task<Void> flushing = Task.eager().start(sink.writer.flush());
          sink.writer.abort();
          sink.writer.abort();
          sink.assertGiven("under way", "(abort)");
          assertThrows(IOException.class, () -> co.await(flushing));
          assertSays(
              assertThrows(IOException.class, () -> co.await(sink.writer.write("x"))), "aborted");
          sink.outlet.closed();
          co.await(sink.writer.whenClosed());
          sink.assertGiven("under way", "(abort)");
        });
  }

  @EngineTest
  void flushWaitsForWhatWasWrittenBeforeItAndNotAfter() throws Exception {
    runAction(
        co -> {
          Slow sink = sink();
          co.await(sink.writer.write("before"));
          Task<Void> flushing = Task.eager().start(sink.writer.flush());
          co.await(pause());
          co.await(sink.writer.write("after"));
          assertFalse(flushing.done());
          sink.outlet.written();
          co.await(flushing);
          assertEquals(5, sink.writer.pending());
        });
  }

  @EngineTest
  void writersThatWaitLearnThatItWasClosed() throws Exception {
    runAction(
        co -> {
          Slow sink = new Slow(1);
          co.await(sink.writer.write("abc"));
          Task<Void> one = Task.eager().start(sink.writer.write("d"));
          Task<Void> other = Task.eager().start(sink.writer.write("e"));
          sink.writer.close();
          assertThrows(IOException.class, () -> co.await(one));
          assertThrows(IOException.class, () -> co.await(other));
        });
  }

  /** A sink that collects by itself, and answers when it is told to. */
  private static final class Collecting implements CollectingSink {
    final List<String> told = new ArrayList<>();
    final Outlet outlet = Outlet.open("the test", this, 8);
    final AsyncWriter writer = outlet.writer();
    private String collected = "";

    @Override
    public void collect(byte[] bytes, int offset, int length) {
      collected += text(bytes).substring(offset, offset + length);
    }

    @Override
    public void collect(ByteBuffer bytes) {
      collected += StandardCharsets.ISO_8859_1.decode(bytes);
    }

    @Override
    public void writeCollected() {
      told.add(collected);
      collected = "";
    }

    @Override
    public void write(ByteBuffer bytes) {
      throw new AssertionError("write was called");
    }

    @Override
    public void end() {
      told.add("(end)");
    }

    @Override
    public void close() {
      told.add("(close)");
    }

    @Override
    public void abort() {
      told.add("(abort)");
    }
  }

  @EngineTest
  void aSinkThatCollectsIsToldOnceInARoundAndOneBatchAtATime() throws Exception {
    runAction(
        co -> {
          Collecting sink = new Collecting();
          assertTrue(sink.writer.tryWrite(bytes("xabx"), 1, 2));
          assertTrue(sink.writer.tryWrite(ByteBuffer.wrap(bytes("cd"))));
          assertEquals(4, sink.writer.pending());
          assertEquals(List.of(), sink.told);
          co.await(pause());
          assertEquals(List.of("abcd"), sink.told);
          assertTrue(sink.writer.tryWrite(bytes("efghi")));
          assertFalse(sink.writer.tryWrite(bytes("no room: 9 of 8 bytes")));
          assertEquals(9, sink.writer.pending());
          co.await(pause());
          assertEquals(List.of("abcd"), sink.told);
          sink.outlet.written();
          assertEquals(List.of("abcd", "efghi"), sink.told);
          assertEquals(5, sink.writer.pending());
          sink.outlet.written();
          assertEquals(0, sink.writer.pending());
          sink.writer.close();
          co.await(pause());
          assertEquals(List.of("abcd", "efghi", "(close)"), sink.told);
          sink.outlet.closed();
          co.await(sink.writer.whenClosed());
        });
  }

  @EngineTest
  void whatASinkHasCollectedIsDroppedByAbort() throws Exception {
    runAction(
        co -> {
          Collecting sink = new Collecting();
          assertTrue(sink.writer.tryWrite(bytes("ab")));
          sink.writer.abort();
          assertEquals(0, sink.writer.pending());
          co.await(pause());
          assertEquals(List.of("(abort)"), sink.told);
        });
  }
}
