package io.fermata.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutBufferTest {
  private static final int LIMIT = 4;

  /** Keeps what it is given until the test answers. */
  private static final class Sink implements ByteSink {
    final StringBuilder got = new StringBuilder();
    boolean ended;
    boolean closed;

    @Override
    public void write(ByteBuffer bytes) {
      got.append(US_ASCII.decode(bytes));
    }

    @Override
    public void end() {
      ended = true;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void abort() {
      closed = true;
    }
  }

  private final Sink sink = new Sink();

  private Outlet outlet() {
    return Outlet.open("the test", sink, LIMIT);
  }

  private static void inLoop(AsyncAction body) throws Exception {
    EventLoop.run(Async.action(body));
  }

  private static Async<Void> round() {
    return Async.action(co -> co.await(Async.sleep(Duration.ZERO)));
  }

  private static Async<Exception> failureOf(Awaitable<?> async) {
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
  void aWriteGoesOverTheLimitOnce() throws Exception {
    inLoop(
        co -> {
          AsyncWriter out = outlet().writer();
          co.await(out.write("abcdefgh"));
          Task<Void> next = Task.start(out.write("i"));
          co.await(round());
          assertFalse(next.done());
          assertFalse(out.tryWrite(new byte[1]));
          assertEquals(8, out.pending());
        });
  }

  @Test
  void waitingWritesGoOnInTheirOrder() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("-----"));
          Task<Void> first = Task.start(out.write("a"));
          Task<Void> second = Task.start(out.write("b"));
          Task<Void> third = Task.start(out.write("c"));
          co.await(round());
          second.cancel(null);
          co.await(round());
          outlet.written();
          co.await(first);
          co.await(third);
          assertTrue(second.cancelled());
          co.await(round());
          outlet.written();
          assertEquals("-----ac", sink.got.toString());
        });
  }

  @Test
  void aCancelledFirstWriteWakesTheNext() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("-----"));
          Task<Void> first = Task.start(out.write("a"));
          Task<Void> second = Task.start(out.write("b"));
          co.await(round());
          outlet.written(); // wakes the first one
          first.cancel(null);
          co.await(second);
          co.await(round());
          assertTrue(first.cancelled());
          assertEquals("-----b", sink.got.toString());
        });
  }

  @Test
  void noWritePassesOneThatWaits() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("-----"));
          Task<Void> waiting = Task.start(out.write("a"));
          co.await(round());
          outlet.written();
          assertFalse(out.tryWrite("b".getBytes(US_ASCII)));
          co.await(waiting);
          assertTrue(out.tryWrite("b".getBytes(US_ASCII)));
        });
  }

  @Test
  void drainEndsAtAQuarterOfTheLimit() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("-----"));
          Task<Void> drained = Task.start(out.drain());
          co.await(round());
          co.await(round());
          assertFalse(drained.done());
          outlet.written();
          co.await(drained);
          assertEquals(0, out.pending());
        });
  }

  @Test
  void aFlushWaitsForItsOwnBytesOnly() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("a"));
          Task<Void> flushed = Task.start(out.flush());
          co.await(round());
          co.await(out.write("b"));
          Task<Void> later = Task.start(out.flush());
          co.await(round());
          outlet.written();
          co.await(flushed);
          assertFalse(later.done());
          outlet.written();
          co.await(later);
        });
  }

  @Test
  void waitsEndInTheOrderOfTheirBegin() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          StringBuilder ended = new StringBuilder();
          co.await(out.write("-----"));
          Task<Void> drained = Task.start(out.drain());
          Task<Void> closed = Task.start(out.whenClosed());
          Task<Void> flushed = Task.start(out.flush());
          drained.addDoneCallback(task -> ended.append("drained "));
          closed.addDoneCallback(task -> ended.append("closed "));
          flushed.addDoneCallback(task -> ended.append("flushed "));
          co.await(round());
          outlet.closed();
          co.await(failureOf(flushed));
          co.await(round());
          assertEquals("drained closed flushed ", ended.toString());
        });
  }

  @Test
  void aBrokenSinkThrowsOneException() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("-----"));
          Task<Exception> write = Task.start(failureOf(out.write("a")));
          Task<Exception> flush = Task.start(failureOf(out.flush()));
          co.await(round());
          IOException broken = new IOException("broken");
          int lines = broken.getStackTrace().length;
          outlet.failed(broken);
          assertSame(broken, co.await(write));
          assertSame(broken, co.await(flush));
          assertSame(broken, co.await(failureOf(out.write("b"))));
          assertEquals(lines, broken.getStackTrace().length);
        });
  }

  @Test
  void aFlushThatWasCutShortFails() throws Exception {
    inLoop(
        co -> {
          AsyncWriter out = outlet().writer();
          co.await(out.write("a"));
          Task<Exception> flush = Task.start(failureOf(out.flush()));
          co.await(round());
          out.abort();
          IOException cut = assertInstanceOf(IOException.class, co.await(flush));
          assertTrue(cut.getMessage().contains("it was closed before all was written"));
        });
  }

  @Test
  void theEndComesAfterTheBytes() throws Exception {
    inLoop(
        co -> {
          Outlet outlet = outlet();
          AsyncWriter out = outlet.writer();
          co.await(out.write("a"));
          out.end();
          co.await(round());
          assertFalse(sink.ended);
          outlet.written();
          assertTrue(sink.ended);
          out.close();
          assertFalse(sink.closed);
          outlet.written();
          assertTrue(sink.closed);
        });
  }
}
