package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
final class OutBuffer {
  final EventLoop loop;
  final String name;
  private final ByteSink sink;
  private final int high;
  private final int low;

  /** The {@link #filling} of those with a collector; always empty. */
  private static final Bytes NONE = new Bytes();

  /** The sink, if it collects the bytes. */
  private final @Nullable CollectingSink collector;

  /** What the sink does not have yet. */
  private final Bytes filling;

  /** How many bytes the collector has collected, and was not yet told to write. */
  private int collected;

  private final Runnable handOver = this::handOver;

  /** Writes that wait for room, in their order; the first may have been woken. */
  final ArrayDeque<Write> writes = new ArrayDeque<>(1);

  final List<WriterWait> waits = new ArrayList<>(0);

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
  private boolean endTold;
  private boolean closing;
  private boolean closeTold;
  private boolean aborted;
  private boolean closed;
  private @Nullable IOException failure;

  OutBuffer(EventLoop loop, String name, ByteSink sink, int limit) {
    this.loop = loop;
    this.name = name;
    this.sink = sink;
    this.collector = sink instanceof CollectingSink collecting ? collecting : null;
    this.filling = collector == null ? new Bytes() : NONE;
    this.high = limit;
    this.low = limit / 4;
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
    drop();
    sink.abort();
    wakeDecided();
  }

  // What the awaits ask

  void checkWritable() throws IOException {
    checkNotFailed();
    if (isClosing()) {
      throw new IOException(
          "cannot write to " + name + ": it was " + (aborted ? "aborted" : "closed"));
    }
    if (ending) {
      throw new IllegalStateException(
          "cannot write to " + name + ": end() was called, after which no bytes can come");
    }
  }

  void checkNotFailed() throws IOException {
    if (failure != null) {
      throw failure;
    }
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
    return written >= upTo && (!ending || (endTold && !busy));
  }

  long accepted() {
    return accepted;
  }

  long written() {
    return written;
  }

  int pending() {
    return waiting() + inFlight;
  }

  /** How many bytes the sink was not told to write yet. */
  private int waiting() {
    return collector == null ? filling.size() : collected;
  }

  private void drop() {
    filling.clear();
    collected = 0;
  }

  boolean hasRoom() {
    return !paused && writes.isEmpty();
  }

  /** Whether a write that has to wait will learn why it cannot. */
  boolean refusesWrites() {
    return isClosing() || ending;
  }

  void accept(byte[] bytes, int offset, int length) {
    if (collector == null) {
      filling.append(bytes, offset, length);
    } else if (length > 0) {
      collected = Math.addExact(collected, length);
      collector.collect(bytes, offset, length);
    }
    accepted(length);
  }

  void accept(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (collector == null) {
      filling.append(bytes);
    } else if (length > 0) {
      collected = Math.addExact(collected, length);
      collector.collect(bytes);
    }
    accepted(length);
  }

  private void accepted(int length) {
    accepted += length;
    paused |= pending() > high;
    schedule();
  }

  /** The first of those who wait for room goes on, if there is. */
  void wakeFirstWrite() {
    Write first = writes.peekFirst();
    if (first != null && (!paused || refusesWrites())) {
      first.wake();
    }
  }

  private void wakeDecided() {
    wakeFirstWrite();
    for (int i = 0; i < waits.size(); i++) {
      WriterWait each = waits.get(i);
      if (each.isWaiting() && each.isDecided()) {
        each.wake();
      }
    }
  }

  // The side of the sink

  /** Has the sink be given what is there, after this round. */
  private void schedule() {
    if (!scheduled && !busy && !isOver()) {
      scheduled = true;
      loop.callSoon(handOver);
    }
  }

  private void handOver() {
    scheduled = false;
    if (busy || isOver()) {
      return;
    }
    int length = waiting();
    if (length > 0) {
      busy = true;
      inFlight = length;
      write();
    } else if (ending && !endTold && !closing) {
      busy = true;
      endTold = true;
      sink.end();
    } else if (closing && !closeTold) {
      busy = true;
      closeTold = true;
      sink.close();
    }
  }

  private void write() {
    if (collector == null) {
      sink.write(filling.takeAll());
    } else {
      collected = 0;
      collector.writeCollected();
    }
  }

  void answered() {
    if (!busy || isOver() || closeTold) {
      return;
    }
    busy = false;
    written += inFlight;
    inFlight = 0;
    paused &= pending() > low;
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
    drop();
    inFlight = 0;
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
