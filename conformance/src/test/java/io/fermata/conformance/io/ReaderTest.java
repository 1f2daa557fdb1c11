package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.IncompleteReadException;
import io.fermata.io.Inlet;
import io.fermata.io.LimitOverrunException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reading: what each read gives, when it waits, and that nothing is lost. */
class ReaderTest extends IoTest {
  @EngineTest
  @Conforms({"I-001"})
  void aReadGivesWhatIsThereUpToItsMaximum() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          Task<byte[]> reading = Task.eager().start(source.reader.read(3));
          assertFalse(reading.done());
          source.feed("abcde");
          assertEquals("abc", text(co.await(reading)));
          assertEquals("de", text(co.await(source.reader.read(100))));
          source.end();
          assertEquals(0, co.await(source.reader.read(100)).length);
        });
  }

  @EngineTest
  @Conforms({"I-001"})
  void aReadThatIsSatisfiedKeepsTheTurn() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abc\ndef");
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(source.reader.read(1));
          co.await(source.reader.readLine());
          co.await(source.reader.readExactly(2));
          assertEquals(List.of(), log);
          assertEquals(1, source.reader.available());
        });
  }

  @EngineTest
  @Conforms({"I-001"})
  void aReadIntoABufferGivesTheCountAndMinusOneAtTheEnd() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abcde").end();
          ByteBuffer target = ByteBuffer.allocate(3);
          assertEquals(3, co.await(source.reader.read(target)));
          assertEquals(0, co.await(source.reader.read(target)));
          assertEquals("abc", text(target.array()));
          target.clear();
          assertEquals(2, co.await(source.reader.read(target)));
          assertEquals(-1, co.await(source.reader.read(target)));
        });
  }

  @EngineTest
  @Conforms({"I-002"})
  void readAllCollectsUntilTheEnd() throws Exception {
    runAction(
        co -> {
          HandFed source = source(2);
          Task<byte[]> reading = Task.eager().start(source.reader.readAll());
          source.feed("abcdef").feed("ghi");
          co.await(pause());
          assertFalse(reading.done());
          source.end();
          assertEquals("abcdefghi", text(co.await(reading)));
          source.assertTold();
        });
  }

  @EngineTest
  @Conforms({"I-002"})
  void readingNothingDoesNotWaitAndANegativeCountIsRefused() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          assertEquals(0, co.await(source.reader.read(0)).length);
          assertThrows(IllegalArgumentException.class, () -> source.reader.read(-1));
          assertThrows(IllegalArgumentException.class, () -> source.reader.readAll(-1));
        });
  }

  @EngineTest
  @Conforms({"I-002"})
  void readAllWithAMaximumLeavesWhatIsTooMuch() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abcd");
          LimitOverrunException tooMuch =
              assertThrows(LimitOverrunException.class, () -> co.await(source.reader.readAll(3)));
          assertSays(tooMuch, "cannot read all from the test");
          source.end();
          assertEquals("abcd", text(co.await(source.reader.readAll(4))));
        });
  }

  @EngineTest
  @Conforms({"I-003"})
  void aLineOfBytesHasItsNewlineTheLastOneMayHaveNoneAndTheEndIsEmpty() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("one\n").feed("tw").feed("o\r\n\npart").end();
          assertEquals("one\n", text(co.await(source.reader.readLineBytes())));
          assertEquals("two\r\n", text(co.await(source.reader.readLineBytes())));
          assertEquals("\n", text(co.await(source.reader.readLineBytes())));
          assertEquals("part", text(co.await(source.reader.readLineBytes())));
          assertEquals("", text(co.await(source.reader.readLineBytes())));
        });
  }

  @EngineTest
  @Conforms({"I-003"})
  void aLineOfTextHasNoLineEndAndNullFollowsTheLast() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("one\ntwo\r\n\nha\u00c3\u00a4\rlf").end();
          assertEquals("one", co.await(source.reader.readLine()));
          assertEquals("two", co.await(source.reader.readLine()));
          assertEquals("", co.await(source.reader.readLine()));
          assertEquals("ha\u00e4\rlf", co.await(source.reader.readLine()));
          assertNull(co.await(source.reader.readLine()));
          HandFed latin = source().feed("\u00e4\n");
          assertEquals("\u00e4", co.await(latin.reader.readLine(StandardCharsets.ISO_8859_1)));
        });
  }

  @EngineTest
  @Conforms({"I-004"})
  void aLineOverTheLimitIsDroppedAndTheStreamGoesOn() throws Exception {
    runAction(
        co -> {
          HandFed source = source(3).feed("abcdef\nxyz\n");
          LimitOverrunException tooLong =
              assertThrows(LimitOverrunException.class, () -> co.await(source.reader.readLine()));
          assertEquals(6, tooLong.consumed());
          assertSays(tooLong, "cannot read a line from the test: the limit is 3 bytes");
          assertEquals("xyz\n", text(co.await(source.reader.readLineBytes())));
        });
  }

  @EngineTest
  @Conforms({"I-004"})
  void ifALineOverTheLimitHasNoNewlineYetAllThatIsThereIsDropped() throws Exception {
    runAction(
        co -> {
          HandFed source = source(3).feed("abcdef");
          assertThrows(LimitOverrunException.class, () -> co.await(source.reader.readLineBytes()));
          assertEquals(0, source.reader.available());
          source.feed("rest\n");
          assertThrows(LimitOverrunException.class, () -> co.await(source.reader.readLineBytes()));
          source.feed("ok\n");
          assertEquals("ok", co.await(source.reader.readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-004"})
  void aWaitingReadOfALineLearnsThatItIsTooLong() throws Exception {
    runAction(
        co -> {
          HandFed source = source(3);
          Task<String> reading = Task.eager().start(source.reader.readLine());
          source.feed("abcdef");
          assertThrows(LimitOverrunException.class, () -> co.await(reading));
        });
  }

  @EngineTest
  @Conforms({"I-005"})
  void aLineOfExactlyTheLimitIsFine() throws Exception {
    runAction(
        co -> {
          HandFed source = source(3).feed("abc\nabcd\n");
          assertEquals("abc", co.await(source.reader.readLine()));
          assertThrows(LimitOverrunException.class, () -> co.await(source.reader.readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-006"})
  void readExactlyWaitsForAllWhateverTheLimit() throws Exception {
    runAction(
        co -> {
          HandFed source = source(2);
          Task<byte[]> reading = Task.eager().start(source.reader.readExactly(10));
          source.feed("abcdefgh");
          co.await(pause());
          assertFalse(reading.done());
          source.feed("ijkl");
          assertEquals("abcdefghij", text(co.await(reading)));
          assertEquals("kl", text(co.await(source.reader.readExactly(2))));
          assertEquals(0, co.await(source.reader.readExactly(0)).length);
          assertThrows(IllegalArgumentException.class, () -> source.reader.readExactly(-1));
        });
  }

  @EngineTest
  @Conforms({"I-006"})
  void readExactlyAtTheEndTellsWhatCame() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abc").end();
          IncompleteReadException incomplete =
              assertThrows(
                  IncompleteReadException.class, () -> co.await(source.reader.readExactly(4)));
          assertArrayEquals(bytes("abc"), incomplete.partial());
          assertEquals(4, incomplete.expected());
          assertEquals(
              "cannot read 4 bytes from the test: it ended after 3 bytes", incomplete.getMessage());
          assertTrue(source.reader.atEof());
        });
  }

  @EngineTest
  @Conforms({"I-007"})
  void readUntilGivesTheSeparatorToo() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abc; def;").end();
          assertEquals("abc; ", text(co.await(source.reader.readUntil("; "))));
          IncompleteReadException incomplete =
              assertThrows(
                  IncompleteReadException.class, () -> co.await(source.reader.readUntil("; ")));
          assertEquals("def;", text(incomplete.partial()));
          assertEquals(-1, incomplete.expected());
          assertTrue(source.reader.atEof());
        });
  }

  @EngineTest
  @Conforms({"I-007"})
  void readUntilOverTheLimitLeavesTheData() throws Exception {
    runAction(
        co -> {
          HandFed source = source(3).feed("abcdef");
          LimitOverrunException overrun =
              assertThrows(
                  LimitOverrunException.class, () -> co.await(source.reader.readUntil("AB")));
          assertEquals(5, overrun.consumed());
          source.feed("AB");
          overrun =
              assertThrows(
                  LimitOverrunException.class, () -> co.await(source.reader.readUntil("AB")));
          assertEquals(6, overrun.consumed());
          assertEquals("abcdefAB", text(co.await(source.reader.readExactly(8))));
        });
  }

  @EngineTest
  @Conforms({"I-008"})
  void aSeparatorIsFoundAcrossChunks() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          Task<byte[]> reading = Task.eager().start(source.reader.readUntil("\r\n\r\n"));
          for (String chunk : List.of("GET /\r", "\n\rx\r\n", "\r", "\nbody")) {
            assertFalse(reading.done());
            source.feed(chunk);
            co.await(pause());
          }
          assertEquals("GET /\r\n\rx\r\n\r\n", text(co.await(reading)));
          assertEquals(4, source.reader.available());
        });
  }

  @EngineTest
  @Conforms({"I-008"})
  void anEmptySeparatorIsRefused() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          assertThrows(IllegalArgumentException.class, () -> source.reader.readUntil(""));
          assertThrows(IllegalArgumentException.class, () -> source.reader.readUntil());
          assertThrows(
              IllegalArgumentException.class, () -> source.reader.readUntil(bytes("a"), bytes("")));
        });
  }

  @EngineTest
  @Conforms({"I-009"})
  void ofSeveralSeparatorsTheOneThatEndsFirstCounts() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("some data and sep2; and sep\n");
          assertEquals(
              "some data",
              text(co.await(source.reader.readUntil(bytes("data and sep"), bytes("data")))));
          assertEquals(
              " and sep2;", text(co.await(source.reader.readUntil(bytes("\n"), bytes("2;")))));
        });
  }

  @EngineTest
  @Conforms({"I-010"})
  void theEndIsReachedWhenItWasReceivedAndAllIsRead() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("a");
          assertFalse(source.reader.atEof());
          source.end();
          assertFalse(source.reader.atEof());
          co.await(source.reader.read(1));
          assertTrue(source.reader.atEof());
        });
  }

  @EngineTest
  @Conforms({"I-011"})
  void onlyOneMayWaitAtATime() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          Task<String> reading = Task.eager().start(source.reader.readLine());
          IllegalStateException second =
              assertThrows(IllegalStateException.class, () -> co.await(source.reader.read(1)));
          assertSays(second, "another task waits in readLine() of the test");
          assertThrows(IllegalStateException.class, source.reader::peek);
          source.feed("still first\n");
          assertThrows(IllegalStateException.class, () -> co.await(source.reader.read(1)));
          assertEquals("still first", co.await(reading));
        });
  }

  @EngineTest
  @Conforms({"I-012"})
  void aFailureIsThrownByEveryReadEvenIfBytesAreLeft() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abc\n");
          IOException broken = new IOException("broken");
          source.inlet.fail(broken);
          assertSame(
              broken, assertThrows(IOException.class, () -> co.await(source.reader.read(1))));
          assertSame(
              broken, assertThrows(IOException.class, () -> co.await(source.reader.readLine())));
          assertSame(broken, assertThrows(IOException.class, source.reader::peek));
        });
  }

  @EngineTest
  @Conforms({"I-012"})
  void aFailureWakesTheOneWhoWaits() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          Task<String> reading = Task.eager().start(source.reader.readLine());
          IOException broken = new IOException("broken");
          source.inlet.fail(broken);
          source.inlet.fail(new IOException("too late"));
          assertSame(broken, assertThrows(IOException.class, () -> co.await(reading)));
        });
  }

  @EngineTest
  @Conforms({"I-013"})
  void aCancelledReadHasTakenNothing() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          for (Async<?> read :
              List.<Async<?>>of(
                  source.reader.readAll(),
                  source.reader.readLine(),
                  source.reader.readExactly(9))) {
            Task<?> reading = Task.eager().start(read);
            source.feed("ab");
            co.await(pause());
            reading.cancel("enough");
            assertThrows(Cancelled.class, () -> co.await(reading));
          }
          assertEquals("ababab", text(co.await(source.reader.read(100))));
        });
  }

  @EngineTest
  @Conforms({"I-013"})
  void aReadThatIsCancelledWhenItWasWokenHasTakenNothing() throws Exception {
    runAction(
        co -> {
          HandFed source = source();
          Task<String> reading = Task.eager().start(source.reader.readLine());
          source.feed("line\n");
          reading.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(reading));
          assertEquals("line", co.await(source.reader.readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-014"})
  void linesGivesAllLinesAndTheLastPartialOne() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("a\nb\r\n").feed("\nc").end();
          List<String> lines = new ArrayList<>();
          co.await(source.reader.lines().forEach((in, line) -> lines.add(line)));
          assertEquals(List.of("a", "b", "", "c"), lines);
        });
  }

  @EngineTest
  @Conforms({"I-015"})
  void theSourceIsPausedAboveTwiceTheLimitAndResumedAtTheLimit() throws Exception {
    runAction(
        co -> {
          HandFed source = source(4).feed("12345678");
          source.assertTold();
          source.feed("9").feed("0");
          source.assertTold("pause");
          co.await(source.reader.read(5));
          source.assertTold("pause");
          co.await(source.reader.read(1));
          source.assertTold("pause", "resume");
        });
  }

  @EngineTest
  @Conforms({"I-015"})
  void theSourceIsResumedWhenAReadNeedsMore() throws Exception {
    runAction(
        co -> {
          HandFed source = source(4).feed("1234567890");
          Task<byte[]> reading = Task.eager().start(source.reader.readExactly(12));
          source.assertTold("pause", "resume");
          source.feed("1");
          source.assertTold("pause", "resume");
          reading.cancel("enough");
          source.assertTold("pause", "resume", "pause");
          assertThrows(Cancelled.class, () -> co.await(reading));
          assertEquals(11, source.reader.available());
        });
  }

  @EngineTest
  @Conforms({"I-016"})
  void aLimitMustBePositiveAndNothingComesAfterTheEnd() throws Exception {
    runAction(
        co -> {
          assertThrows(IllegalArgumentException.class, () -> Inlet.open("x", source(), 0));
          HandFed source = source().end().end();
          assertThrows(IllegalStateException.class, () -> source.feed("more"));
        });
  }

  @EngineTest
  @Conforms({"I-017"})
  void itsTextTellsItsState() throws Exception {
    runAction(
        co -> {
          HandFed source = source(1);
          assertEquals("reader of the test (0 bytes)", source.reader.toString());
          source.feed("abc");
          assertEquals("reader of the test (3 bytes, paused)", source.reader.toString());
          source.inlet.fail(new IOException("broken"));
          assertSays(new Throwable(source.reader.toString()), "failed: broken");
        });
  }

  @EngineTest
  void whatIsThereCanBeParsedInPlace() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("$5\r\nhe");
          ByteBuffer view = source.reader.peek();
          assertEquals('5', view.get(1));
          Task<Boolean> more = Task.eager().start(source.reader.more());
          assertFalse(more.done());
          source.feed("llo");
          assertTrue(co.await(more));
          source.reader.skip(4);
          assertEquals("hello", StandardCharsets.US_ASCII.decode(source.reader.peek()).toString());
          assertThrows(IllegalArgumentException.class, () -> source.reader.skip(6));
          source.end();
          assertFalse(co.await(source.reader.more()));
        });
  }

  @EngineTest
  void waitingForMoreThanTheReaderHoldsIsRefused() throws Exception {
    runAction(
        co -> {
          HandFed source = source(2).feed("abcd");
          assertThrows(LimitOverrunException.class, () -> co.await(source.reader.more()));
          assertEquals(4, source.reader.available());
        });
  }

  @EngineTest
  void aClosedReaderTellsItsSourceAndRefusesReads() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("abc");
          Task<byte[]> reading = Task.eager().start(source.reader.readAll());
          source.reader.close();
          source.reader.close();
          source.assertTold("close");
          assertThrows(IOException.class, () -> co.await(reading));
          assertSays(
              assertThrows(IOException.class, () -> co.await(source.reader.read(1))),
              "cannot read the test: it was closed by this program");
          source.feed("dropped");
          assertEquals(0, source.reader.available());
        });
  }

  @EngineTest
  void bytesAreLookedAtWithoutTakingThem() throws Exception {
    runAction(
        co -> {
          HandFed source = source().feed("xab");
          source.reader.skip(1);
          assertEquals('a', source.reader.byteAt(0));
          assertEquals('b', source.reader.byteAt(1));
          assertThrows(IndexOutOfBoundsException.class, () -> source.reader.byteAt(2));
          assertThrows(IndexOutOfBoundsException.class, () -> source.reader.byteAt(-1));
          assertEquals(1, source.reader.indexOf((byte) 'b', 0));
          assertEquals(1, source.reader.indexOf((byte) 'b', 1));
          assertEquals(-1, source.reader.indexOf((byte) 'b', 2));
          assertEquals(-1, source.reader.indexOf((byte) 'x', 0));
          assertThrows(
              IndexOutOfBoundsException.class, () -> source.reader.indexOf((byte) 'a', -1));
          assertEquals(2, source.reader.available());
        });
  }
}
