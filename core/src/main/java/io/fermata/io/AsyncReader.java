package io.fermata.io;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.internal.loop.Loop;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of bytes to read from: a pipe of a process, standard input, a connection. Python: {@code
 * asyncio.StreamReader}.
 *
 * <pre>{@code
 * byte[] some = co.await(in.read(4096));                // what is there, at least one byte
 * byte[] header = co.await(in.readExactly(8));
 * String line = co.await(in.readLine());                // null at the end
 * co.await(in.lines().forEach((each, text) -> System.out.println(text)));
 * }</pre>
 *
 * <p><b>One at a time.</b> Only one task may wait for bytes. A read by another task meanwhile is an
 * {@code IllegalStateException}.
 *
 * <p><b>Cancellation.</b> A read takes its bytes when it returns. A cancelled read, in a {@link
 * io.fermata.async.Timeout} for instance, has taken none, and the next read finds all of them.
 *
 * <p><b>Failures.</b> Once the stream is broken, every read throws the same {@code IOException},
 * even if bytes are left.
 *
 * <p><b>Memory.</b> The source is paused when more than twice the limit waits to be read. It
 * resumes when no more than the limit waits, or when a read needs more. {@link #readExactly} and
 * {@link #readAll} hold as much as they are asked for. A reader without bytes holds no buffer.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened.
 *
 * <p><b>Cost.</b> A read is one small object beside the bytes that it gives. If they are there, the
 * task keeps its turn. {@link #peek} and {@link #skip} parse bytes without an object.
 *
 * <p><b>Differences from Python.</b> {@code read(-1)} is {@link #readAll}. {@link #readLine} gives
 * text, without the line's end, and null after the last one, as everywhere in Java; {@link
 * #readLineBytes} is Python's.
 */
public final class AsyncReader {
  /** The default limit: 64 KiB. */
  public static final int DEFAULT_LIMIT = 1 << 16;

  /** The largest array. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  /** The {@link #bytes} of a reader that holds none; never filled. */
  private static final Bytes NONE = new Bytes();

  final Loop loop;
  final Object name;
  final int limit;

  /** The bytes that were fed and not taken; {@link #NONE} if there are none. */
  Bytes bytes = NONE;

  private final ByteSource source;

  /** The read that waits, or was woken and did not run yet. Written by the read. */
  @Nullable Read<?> waiter;

  /** Whether the end was fed. After that, only {@link #close} changes something. */
  boolean ended;

  @Nullable IOException failure;
  private boolean paused;

  AsyncReader(Loop loop, Object name, ByteSource source, int limit) {
    this.loop = loop;
    this.name = name;
    this.source = source;
    this.limit = limit;
  }

  // Reading

  /**
   * Waits until there are bytes, and takes them.
   *
   * @param max the most to take; zero takes none, and does not wait
   * @return gives at least one byte; none at the end of the stream only
   * @throws IllegalArgumentException if {@code max} is negative
   */
  @CheckReturnValue
  public Async<byte[]> read(int max) {
    checkCount(max);
    return new CountedReads.Some(this, max);
  }

  /**
   * Waits until there are bytes, and takes them into a buffer; allocates nothing else.
   *
   * @param target as many are taken as it has room for
   * @return gives how many, at least one if there is room; -1 at the end of the stream
   */
  @CheckReturnValue
  public Async<Integer> read(ByteBuffer target) {
    return new CountedReads.Into(
        this, Objects.requireNonNull(target, "the buffer to read into is null"));
  }

  /**
   * Takes all bytes until the end of the stream.
   *
   * @return gives them, perhaps none
   */
  @CheckReturnValue
  public Async<byte[]> readAll() {
    return new CountedReads.All(this, MOST);
  }

  /**
   * Takes all bytes until the end of the stream, up to a maximum.
   *
   * @param max the most to take
   * @return gives them, perhaps none; if there are more, throws a {@link LimitOverrunException},
   *     and all bytes can still be read
   * @throws IllegalArgumentException if {@code max} is negative
   */
  @CheckReturnValue
  public Async<byte[]> readAll(int max) {
    checkCount(max);
    return new CountedReads.All(this, max);
  }

  /**
   * Waits until there is a number of bytes, and takes them. The number may exceed the reader's
   * limit.
   *
   * @param count the number of bytes
   * @return gives them; if the stream ends before, throws an {@link IncompleteReadException}, which
   *     holds the bytes that came
   * @throws IllegalArgumentException if {@code count} is negative
   */
  @CheckReturnValue
  public Async<byte[]> readExactly(int count) {
    checkCount(count);
    return new CountedReads.Exactly(this, count);
  }

  private static void checkCount(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "cannot read " + count + " bytes: the count must not be negative; readAll() reads all");
    }
  }

  /**
   * Waits for a separator, and takes all bytes up to and with it.
   *
   * @param separators one or more; the one that ends first counts
   * @return gives the bytes, with the separator; if the stream ends before, throws an {@link
   *     IncompleteReadException}, which holds the bytes that came; if more bytes than the limit
   *     come before the separator, throws a {@link LimitOverrunException}, and all bytes can still
   *     be read
   * @throws IllegalArgumentException if there is no separator, or one is empty
   */
  @CheckReturnValue
  public Async<byte[]> readUntil(byte[]... separators) {
    if (separators.length == 0) {
      throw new IllegalArgumentException(
          "there is no separator to read until; give one at least, or call readAll()");
    }
    byte[][] copies = new byte[separators.length][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = separators[i].clone();
      if (copies[i].length == 0) {
        throw new IllegalArgumentException(
            "cannot read until an empty separator: each needs a byte at least");
      }
    }
    return new UntilRead(this, copies);
  }

  /**
   * As {@link #readUntil(byte[][])}, for a separator in UTF-8.
   *
   * @param separator not empty
   * @return gives the bytes, with the separator
   * @throws IllegalArgumentException if it is empty
   */
  @CheckReturnValue
  public Async<byte[]> readUntil(String separator) {
    return readUntil(separator.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Takes a line, up to and with its {@code \n}.
   *
   * @return gives the bytes; the last line may have no {@code \n}; none at the end of the stream.
   *     If a line is longer than the limit, throws a {@link LimitOverrunException}, and drops the
   *     bytes of the line that came
   */
  @CheckReturnValue
  public Async<byte[]> readLineBytes() {
    return LineRead.bytes(this);
  }

  /**
   * Takes a line of text in UTF-8.
   *
   * @return gives it without the {@code \n} or {@code \r\n} at its end, and null at the end of the
   *     stream; bytes that are no text become U+FFFD. If a line is longer than the limit, throws a
   *     {@link LimitOverrunException}, and drops the bytes of the line that came
   */
  @CheckReturnValue
  public Async<@Nullable String> readLine() {
    return readLine(StandardCharsets.UTF_8);
  }

  /**
   * As {@link #readLine()}, in another encoding.
   *
   * @param charset one in which the byte 10 occurs only as {@code \n}, as in all but UTF-16 and
   *     UTF-32
   * @return gives a line, and null at the end of the stream
   */
  @CheckReturnValue
  public Async<@Nullable String> readLine(Charset charset) {
    return LineRead.text(this, Objects.requireNonNull(charset, "charset"));
  }

  /**
   * The lines that follow, as {@link #readLine()} gives them. The first step of the generator reads
   * the first line. Closing the generator leaves the other lines in the reader.
   *
   * @return a new generator, not started
   */
  @CheckReturnValue
  public AsyncGenerator<String> lines() {
    return lines(StandardCharsets.UTF_8);
  }

  /**
   * The lines that follow, as {@link #readLine(Charset)} gives them.
   *
   * @param charset one in which the byte 10 occurs only as {@code \n}
   * @return a new generator, not started
   */
  @CheckReturnValue
  public AsyncGenerator<String> lines(Charset charset) {
    Objects.requireNonNull(charset, "charset");
    return AsyncGenerator.of(
        co -> {
          for (String line = co.await(readLine(charset));
              line != null;
              line = co.await(readLine(charset))) {
            co.yield(line);
          }
        });
  }

  // Parsing in place

  /**
   * The number of bytes that can be read without waiting.
   *
   * @return zero if there are none
   */
  public int available() {
    return bytes.size();
  }

  /**
   * The bytes that are there, without taking them.
   *
   * @return a read-only view, from 0 on; valid until the next call of this reader, or the next
   *     await
   * @throws IOException if the stream is broken
   * @throws IllegalStateException if a task waits for bytes
   */
  public ByteBuffer peek() throws IOException {
    checkUse();
    return bytes.view();
  }

  /**
   * One of the bytes that are there, without taking it; allocates nothing.
   *
   * @param index from 0, the next one to be read, to {@code available() - 1}
   * @return the byte
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public byte byteAt(int index) {
    return bytes.at(Objects.checkIndex(index, bytes.size()));
  }

  /**
   * Searches the bytes that are there, without taking any; allocates nothing.
   *
   * @param wanted the byte
   * @param from the first index to look at
   * @return the index of the first such byte, for {@link #byteAt}; -1 if there is none
   * @throws IndexOutOfBoundsException if {@code from} is negative
   */
  public int indexOf(byte wanted, int from) {
    if (from < 0) {
      throw new IndexOutOfBoundsException("cannot look from " + from + ": the first byte is at 0");
    }
    return bytes.indexOf(wanted, from);
  }

  /**
   * Drops bytes that are there.
   *
   * @param count the number of bytes
   * @throws IllegalArgumentException if it is negative, or more than there are
   * @throws IllegalStateException if a task waits for bytes
   */
  public void skip(int count) {
    checkIdle();
    if (count < 0 || count > bytes.size()) {
      throw new IllegalArgumentException(
          "cannot skip "
              + count
              + " bytes of the "
              + bytes.size()
              + " that are there; readExactly() waits for more");
    }
    bytes.skip(count);
    taken();
  }

  /**
   * Waits until there are more bytes than now, and takes none. Look at the bytes that are there
   * before:
   *
   * <pre>{@code
   * do {
   *   use(in.peek());                                     // skip() what was complete
   * } while (co.await(in.more()));
   * }</pre>
   *
   * @return gives false at the end of the stream; if there is twice the limit already, throws a
   *     {@link LimitOverrunException}
   */
  @CheckReturnValue
  public Async<Boolean> more() {
    return new CountedReads.More(this);
  }

  /**
   * Whether all bytes were read.
   *
   * @return true if the stream has ended, and no byte is left
   */
  public boolean atEof() {
    return ended && bytes.isEmpty();
  }

  /**
   * Closes the reader, drops its bytes, and tells the source. A waiting read and every later one
   * throw an {@code IOException}. Does nothing if the reader is broken or closed. After the end of
   * the stream, it only drops the bytes that are left.
   */
  public void close() {
    if (failure != null) {
      return;
    }
    boolean tell = !ended;
    fail(new IOException("cannot read " + Brief.of(name) + ": it was closed by this program"));
    if (tell) {
      source.abandon();
    }
  }

  private void checkUse() throws IOException {
    checkIdle();
    if (failure != null) {
      throw failure;
    }
  }

  void checkIdle() {
    if (waiter != null) {
      throw new IllegalStateException(
          "cannot read "
              + Brief.of(name)
              + ": another task waits in "
              + waiter
              + "; only one may read at a time");
    }
  }

  // The side of the source

  void feed(ByteBuffer more) {
    if (wantsFood()) {
      if (bytes == NONE) {
        bytes = new Bytes();
      }
      bytes.append(more);
      fed();
    }
  }

  void feedOwned(byte[] array, int length) {
    if (wantsFood()) {
      if (bytes == NONE) {
        bytes = new Bytes();
      }
      bytes.appendOwned(array, length);
      fed();
    }
  }

  private boolean wantsFood() {
    if (failure == null && ended) {
      throw new IllegalStateException("cannot feed " + Brief.of(name) + ": its end was fed before");
    }
    return failure == null;
  }

  private void fed() {
    if (waiter != null) {
      waiter.changed();
    }
    pauseIfHigh();
  }

  void feedEnd() {
    if (failure == null) {
      ended = true;
      if (waiter != null) {
        waiter.changed();
      }
    }
  }

  void fail(IOException why) {
    if (failure == null) {
      failure = why;
      bytes = NONE;
      if (waiter != null) {
        waiter.changed();
      }
    }
  }

  /** Pauses the source if there are many bytes, and no task waits for more. */
  void pauseIfHigh() {
    if (!paused && !ended && bytes.size() > 2L * limit && (waiter == null || !waiter.isWaiting())) {
      paused = true;
      source.pause();
    }
  }

  /** Bytes were taken. */
  void taken() {
    int left = bytes.size();
    if (left == 0) {
      bytes = NONE;
    }
    if (paused && left <= limit) {
      resume();
    }
  }

  /** Resumes the source: a task waits for bytes, or there are few. */
  void resume() {
    if (paused && !ended && failure == null) {
      paused = false;
      source.resume();
    }
  }

  @Override
  public String toString() {
    return "reader of "
        + Brief.of(name)
        + " ("
        + bytes.size()
        + " bytes"
        + (ended ? ", ended" : "")
        + (paused ? ", paused" : "")
        + (waiter != null ? ", a task waits" : "")
        + (failure != null ? ", failed: " + Brief.of(failure.getMessage()) : "")
        + ")";
  }
}
