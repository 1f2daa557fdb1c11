package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.MemoryPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A writer and a reader, connected. */
class PipeTest extends IoTest {
  @EngineTest
  @Conforms({"I-001", "I-018"})
  void whatIsWrittenIsReadInPieces() throws Exception {
    runAction(
        co -> {
          MemoryPipe pipe = MemoryPipe.open().inPiecesOf(2);
          co.await(pipe.writer().write("PING\r\n"));
          assertEquals("PI", text(co.await(pipe.reader().read(100))));
          assertEquals("NG", co.await(pipe.reader().readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-021", "I-023"})
  void theReaderSeesTheEndAfterEndAndAfterClose() throws Exception {
    runAction(
        co -> {
          MemoryPipe ended = MemoryPipe.open();
          co.await(ended.writer().write("a"));
          ended.writer().end();
          assertEquals("a", text(co.await(ended.reader().readAll())));
          MemoryPipe closed = MemoryPipe.open();
          co.await(closed.writer().write("b"));
          co.await(closed.writer().aclose());
          assertEquals("b", text(co.await(closed.reader().readAll())));
          assertNull(co.await(closed.reader().readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-015", "I-019"})
  void aReaderThatIsSlowSlowsTheWriter() throws Exception {
    runAction(
        co -> {
          MemoryPipe pipe = MemoryPipe.open(10, 10).inPiecesOf(5);
          Task<Void> writing =
              Task.start(
                  Async.action(
                      in -> {
                        for (int i = 0; i < 100; i++) {
                          in.await(pipe.writer().write("0123456789"));
                        }
                        pipe.writer().end();
                      }));
          for (int i = 0; i < 100; i++) {
            co.await(pause());
          }
          assertFalse(writing.done());
          assertTrue(pipe.isReaderPaused());
          int held = pipe.reader().available() + pipe.writer().pending();
          assertTrue(held <= 60, "holds " + held);
          assertEquals(1000, co.await(pipe.reader().readAll()).length);
          co.await(writing);
        });
  }

  @EngineTest
  @Conforms({"I-012", "I-020"})
  void aBrokenPipeFailsOnBothEnds() throws Exception {
    runAction(
        co -> {
          MemoryPipe pipe = MemoryPipe.open();
          pipe.hold();
          co.await(pipe.writer().write("lost"));
          Task<Void> flushing = Task.eager().start(pipe.writer().flush());
          co.await(pause());
          assertFalse(flushing.done());
          pipe.fail(new IOException("connection reset"));
          assertThrows(IOException.class, () -> co.await(flushing));
          assertThrows(IOException.class, () -> co.await(pipe.reader().read(1)));
        });
  }

  @EngineTest
  void aHeldPipeLetsNothingThroughUntilItIsReleased() throws Exception {
    runAction(
        co -> {
          MemoryPipe pipe = MemoryPipe.open();
          pipe.hold();
          co.await(pipe.writer().write("late"));
          co.await(pause());
          co.await(pause());
          assertEquals(0, pipe.reader().available());
          pipe.release();
          assertEquals("late", text(co.await(pipe.reader().read(10))));
        });
  }

  @EngineTest
  @Conforms({"I-001", "I-006", "I-013"})
  void randomReadsWithRandomTimeoutsLoseNothing() throws Exception {
    long seed = new Random().nextLong();
    Random dice = new Random(seed);
    byte[] sent = new byte[20_000];
    dice.nextBytes(sent);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    runAction(
        co -> {
          MemoryPipe pipe = MemoryPipe.open(64, 50).inPiecesOf(7);
          Task<Void> writing = Task.start(writeInPieces(pipe, sent, new Random(seed)));
          List<Task<byte[]>> reads = new ArrayList<>();
          while (!pipe.reader().atEof()) {
            int count = Math.min(dice.nextInt(50), sent.length - received.size());
            Async<byte[]> read =
                dice.nextBoolean() ? pipe.reader().read(count) : pipe.reader().readExactly(count);
            Task<byte[]> reading = Task.eager().start(read);
            for (int rounds = dice.nextInt(4); rounds > 0 && !reading.done(); rounds--) {
              co.await(pause());
            }
            reading.cancel("no time");
            co.await(Async.wait(List.of(reading)));
            if (!reading.cancelled()) {
              received.writeBytes(reading.result());
            }
            reads.add(reading);
          }
          co.await(writing);
        });
    assertArrayEquals(sent, received.toByteArray(), "seed " + seed);
  }

  private static Async<Void> writeInPieces(MemoryPipe pipe, byte[] all, Random dice) {
    return Async.action(
        co -> {
          for (int at = 0; at < all.length; ) {
            int length = Math.min(dice.nextInt(100), all.length - at);
            co.await(pipe.writer().write(all, at, length));
            at += length;
          }
          pipe.writer().end();
        });
  }
}
