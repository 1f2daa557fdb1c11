package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is behind an {@link AsyncWriter}: the bytes on their way to its sink, and those who wait for
 * them. Belongs to the loop's thread.
 *
 * <pre>
 * filling  -&gt; in flight   the sink owes no answer: it is given all that is there, after the round
 * in flight -&gt; written    the sink has answered
 * nothing in flight       the sink is told of the end, or to close, once
 * </pre>
 */
final class OutBuffer implements Runnable {
  final Loop loop;
  final Object name;
  private final ByteSink sink;

  /** When it holds more than this, writing waits until it holds a quarter. */
  private final int limit;

  private static final byte END = 1;
  private static final byte CLOSE = 2;

  /** The {@link #filling} of those whose sink collects; always empty. */
  private static final Bytes NONE = new Bytes();

  /** What the sink does not have yet, unless it collects that itself. */
  private final Bytes filling;

  /** Writes that wait for room; the first one may have been woken. Null if there are none. */
  private @Nullable WaitLine<Write> writes;

  /** Those who wait for something else, and were not woken. Null if there are none. */
  private @Nullable WaitLine<WriterWait> waits;

  /** Bytes that were put into the buffer, and that the sink has written, since the beginning. */
  private long accepted;

  private long written;

  /** Bytes that the sink has, and did not answer yet. */
  private int inFlight;

  /** Whether the sink owes an answer. */
  private boolean busy;

  /** Whether the buffer was above the limit and has not yet fallen to a quarter of it. */
  private boolean paused;

  private boolean scheduled;
  private boolean ending;
  private boolean closing;

  /** What the sink was told last, {@link #END} or {@link #CLOSE}; zero before. */
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

  /** No more bytes come. */
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

  // What the awaits ask

  void checkWritable() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (isClosing()) {
      throw new IOException(
          "cannot write to " + name + ": it was " + (aborted ? "aborted" : "closed"));
    }
    if (ending) {
      throw new IllegalStateException(
          "cannot write to " + name + ": end() was called, after which no bytes can come");
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

  /** Closed, or going to be without writing any more. */
  boolean isOver() {
    return closed || aborted;
  }

  /** Whether there is nothing that drain() would wait for. */
  boolean isDrained() {
    return !paused || isOver();
  }

  /** Whether all bytes up to a number of them are written, and the end was told if it should be. */
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

  /** Whether a write that has to wait will learn why it cannot. */
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
          "cannot write " + more + " bytes to " + name + ": more than 2 GiB would wait there");
    }
  }

  private void accepted(int length) {
    accepted += length;
    paused |= pending() > limit;
    schedule();
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

  // Those who wait

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

  /** A writer for which nobody waits holds no line. */
  private static <W extends QueuedParking<?>> @Nullable WaitLine<W> orNull(WaitLine<W> line) {
    return line.isEmpty() ? null : line;
  }

  // The side of the sink

  /** Has the sink be given what is there, after this round. */
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
    paused &= pending() > limit / 4;
    handOver();
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
        + name
        + " ("
        + pending()
        + " bytes pending"
        + (ending ? ", ended" : "")
        + (paused ? ", full" : "")
        + (closed ? ", closed" : closing ? ", closing" : "")
        + (failure != null ? ", failed: " + failure.getMessage() : "")
        + ")";
  }
}
