package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of an {@link AsyncWriter}: the bytes on their way to its sink, and the awaits that
 * wait for them. Belongs to the loop's thread.
 *
 * <p><b>Guarantee.</b> The bytes of a write stay together, and writes go out in the order in which
 * they were awaited. The buffer holds at most its limit and one write. After {@link #close}, all
 * bytes that were accepted still go out; after {@link #abort} or a failure, none.
 *
 * <p><b>Structure.</b> Two lines of awaits: writes, which wait for room, and {@link WriterWait}s,
 * which wait for anything else. Two numbers say where the bytes are: all before {@code written} are
 * written, those up to {@code accepted} are in the buffer or in flight. A {@link CollectingSink}
 * holds the bytes itself; then this class only counts them.
 *
 * <p><b>Protocol.</b> A write waits for room like this: over the limit, the buffer is {@code
 * paused}, until a quarter of the limit is left. While it is paused, or a write waits, others join
 * the line. The first of the line is woken, but stays in the line until its task runs: no later
 * write passes it. Each write wakes the next one when it has run or was cancelled. The sink:
 *
 * <pre>
 * idle      -&gt; scheduled  bytes, end() or close() came: run() follows after this round
 * scheduled -&gt; busy       the sink got one batch, or was told of the end, or to close
 * busy      -&gt; busy       the sink has answered, and there is more for it
 * busy      -&gt; idle       the sink has answered, and there is nothing more
 * any       -&gt; over       the sink was closed or has failed, or abort(): nothing goes out
 * </pre>
 *
 * The sink is told of the end and to close once each, after all bytes: {@code told} says which came
 * last.
 *
 * <p><b>Rejected.</b> To hand over the room at the wake-up: a cancelled write would have to give it
 * back. To wake all writes that fit: after the first one, the others may have to join the line
 * again.
 */
final class OutBuffer implements Runnable {
  final Loop loop;
  final Object name;
  private final ByteSink sink;

  /** When it holds more than this, writing waits until it holds a quarter. */
  private final int limit;

  private static final byte END = 1;
  private static final byte CLOSE = 2;

  /** The {@link #filling} of a buffer whose sink collects; always empty. */
  private static final Bytes NONE = new Bytes();

  /** The bytes that the sink does not have yet, unless it collects them itself. */
  private final Bytes filling;

  /** Writes that wait for room; the first one may have been woken. Null if there are none. */
  private @Nullable WaitLine<Write> writes;

  /** Awaits of anything else that were not woken. Null if there are none. */
  private @Nullable WaitLine<WriterWait> waits;

  /** The numbers of bytes that were put into the buffer, and that the sink has written. */
  private long accepted;

  private long written;

  /** The number of bytes that the sink has not answered for. */
  private int inFlight;

  /** Whether the sink owes an answer. */
  private boolean busy;

  /** Whether the buffer was above the limit and has not yet fallen to a quarter of it. */
  private boolean paused;

  private boolean scheduled;
  private boolean ending;
  private boolean closing;

  /** The last thing that the sink was told, {@link #END} or {@link #CLOSE}; zero before. */
  private byte told;

  private boolean aborted;
  private boolean closed;
  private @Nullable IOException failure;

  OutBuffer(Loop loop, Object name, ByteSink sink, int limit) {
    this.loop = loop;
    this.name = name;
    this.sink = sink;
    this.filling = sink instanceof CollectingSink ? NONE : new Bytes();
    this.limit = limit;
  }

  // Changes

  /** Ends the stream: no more bytes come. */
  void end() {
    ending = true;
    schedule();
  }

  void close() {
    if (!closing) {
      closing = true;
      wakeDecided();
      schedule();
    }
  }

  void abort() {
    if (isOver()) {
      return;
    }
    closing = true;
    aborted = true;
    filling.clear();
    sink.abort();
    wakeDecided();
  }

  // Questions of the awaits

  void checkWritable() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (isClosing()) {
      throw new IOException(
          "cannot write to " + Brief.of(name) + ": it was " + (aborted ? "aborted" : "closed"));
    }
    if (ending) {
      throw new IllegalStateException(
          "cannot write to "
              + Brief.of(name)
              + ": end() was called, after which no bytes can come");
    }
  }

  /** What has broken the stream; null if nothing. */
  @Nullable IOException failure() {
    return failure;
  }

  boolean isClosing() {
    return closing || closed;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether no more bytes go out. */
  boolean isOver() {
    return closed || aborted;
  }

  /** Whether there is room, or never will be. */
  boolean isDrained() {
    return !paused || isOver();
  }

  /** Whether a number of bytes are written, and the sink was told of the end if it was called. */
  boolean isFlushed(long upTo) {
    return written >= upTo && (!ending || (told >= END && !busy));
  }

  long accepted() {
    return accepted;
  }

  long written() {
    return written;
  }

  int pending() {
    return isOver() ? 0 : (int) (accepted - written);
  }

  boolean hasRoom() {
    return !paused && writes == null;
  }

  /** Whether a write fails at once. */
  boolean refusesWrites() {
    return isClosing() || ending;
  }

  void accept(byte[] bytes, int offset, int length) {
    checkSize(length);
    if (!(sink instanceof CollectingSink collecting)) {
      filling.append(bytes, offset, length);
    } else if (length > 0) {
      collecting.collect(bytes, offset, length);
    }
    accepted(length);
  }

  void accept(ByteBuffer bytes) {
    int length = bytes.remaining();
    checkSize(length);
    if (!(sink instanceof CollectingSink collecting)) {
      filling.append(bytes);
    } else if (length > 0) {
      collecting.collect(bytes);
    }
    accepted(length);
  }

  private void checkSize(int more) {
    if (pending() > Integer.MAX_VALUE - more) {
      throw new IllegalArgumentException(
          "cannot write "
              + more
              + " bytes to "
              + Brief.of(name)
              + ": more than 2 GiB would wait there");
    }
  }

  private void accepted(int length) {
    accepted += length;
    paused |= pending() > limit;
    schedule(); // after the round, so that all writes of the round are one batch
  }

  /** Wakes the first write that waits, if there is room or it cannot succeed. */
  void wakeFirstWrite() {
    if (writes != null && (!paused || refusesWrites())) {
      Objects.requireNonNull(writes.first()).wake();
    }
  }

  private void wakeDecided() {
    wakeFirstWrite();
    WaitLine<WriterWait> line = waits;
    if (line == null) {
      return;
    }
    for (WriterWait each = line.first(); each != null; ) {
      WriterWait next = line.next(each);
      if (each.isDecided()) {
        line.remove(each);
        each.wake();
      }
      each = next;
    }
    waits = orNull(line);
  }

  // The two lines

  void add(Write write) {
    if (writes == null) {
      writes = new WaitLine<>(this);
    }
    writes.add(write);
  }

  /** Does nothing if it does not wait. */
  void remove(Write write) {
    if (writes != null) {
      writes.remove(write);
      writes = orNull(writes);
    }
  }

  void add(WriterWait wait) {
    if (waits == null) {
      waits = new WaitLine<>(this);
    }
    waits.add(wait);
  }

  /** Does nothing if it does not wait. */
  void remove(WriterWait wait) {
    if (waits != null) {
      waits.remove(wait);
      waits = orNull(waits);
    }
  }

  /** A writer without waiting tasks holds no line. */
  private static <W extends QueuedParking<?>> @Nullable WaitLine<W> orNull(WaitLine<W> line) {
    return line.isEmpty() ? null : line;
  }

  // The side of the sink

  /** Gives the sink what is there, after this round. */
  private void schedule() {
    if (!scheduled && !busy && !isOver()) {
      scheduled = true;
      loop.callSoon(this);
    }
  }

  /** The round is over. */
  @Override
  public void run() {
    scheduled = false;
    handOver();
  }

  private void handOver() {
    if (busy || isOver()) {
      return;
    }
    if (accepted > written) {
      busy = true;
      inFlight = (int) (accepted - written);
      write();
    } else if (ending && told < END && !closing) {
      busy = true;
      told = END;
      sink.end();
    } else if (closing && told < CLOSE) {
      busy = true;
      told = CLOSE;
      sink.close();
    }
  }

  private void write() {
    if (sink instanceof CollectingSink collecting) {
      collecting.writeCollected();
    } else {
      sink.write(filling.takeAll());
    }
  }

  void answered() {
    if (!busy || isOver() || told == CLOSE) {
      return;
    }
    busy = false;
    written += inFlight;
    inFlight = 0;
    paused &= pending() > limit / 4; // only falls: the answer brings no bytes
    handOver(); // first: it decides flushes after end()
    wakeDecided();
  }

  void sinkClosed(@Nullable IOException why) {
    if (closed) {
      return;
    }
    closed = true;
    if (!aborted) {
      failure = why;
    }
    filling.clear();
    wakeDecided();
  }

  @Override
  public String toString() {
    return "writer to "
        + Brief.of(name)
        + " ("
        + pending()
        + " bytes pending"
        + (ending ? ", ended" : "")
        + (paused ? ", full" : "")
        + (closed ? ", closed" : closing ? ", closing" : "")
        + (failure != null ? ", failed: " + Brief.of(failure.getMessage()) : "")
        + ")";
  }
}
