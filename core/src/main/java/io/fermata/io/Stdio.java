package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The standard streams of this JVM.
 *
 * <pre>{@code
 * String name = co.await(Stdio.in().readLine());
 * co.await(Stdio.out().write("hello " + name + "\n"));
 * co.await(Stdio.out().flush());
 * }</pre>
 *
 * <p>Each loop has one reader and one writer of each, made when first asked for. They go through
 * {@link System#in}, {@link System#out} and {@link System#err}, as those are then, and leave them
 * open when they are closed. Standard input is read ahead from then on, and what a loop has read
 * and not used is gone with it: let one loop of a program read it.
 *
 * <p>A program that ends loses what its writers have not written: flush them before.
 */
public final class Stdio {
  // Guarded by themselves; loops that are closed are taken out at the next use

  private static final Map<EventLoop, AsyncReader> IN = new HashMap<>();
  private static final Map<EventLoop, AsyncWriter> OUT = new HashMap<>();
  private static final Map<EventLoop, AsyncWriter> ERR = new HashMap<>();

  private Stdio() {}

  /**
   * Reads standard input.
   *
   * @return the reader of the current loop
   * @throws IllegalStateException if no loop runs here
   */
  public static AsyncReader in() {
    return ofLoop(
        IN,
        loop ->
            PipeSource.readerThatLeavesOpen(
                "standard input", System.in, AsyncReader.DEFAULT_LIMIT));
  }

  /**
   * Writes to standard output.
   *
   * @return the writer of the current loop
   * @throws IllegalStateException if no loop runs here
   */
  public static AsyncWriter out() {
    return ofLoop(
        OUT, loop -> PipeSink.writerThatLeavesOpen("standard output", new Checked(System.out)));
  }

  /**
   * Writes to standard error.
   *
   * @return the writer of the current loop
   * @throws IllegalStateException if no loop runs here
   */
  public static AsyncWriter err() {
    return ofLoop(
        ERR, loop -> PipeSink.writerThatLeavesOpen("standard error", new Checked(System.err)));
  }

  private static <S> S ofLoop(Map<EventLoop, S> streams, Function<EventLoop, S> open) {
    synchronized (streams) {
      streams.keySet().removeIf(EventLoop::isClosed);
      return streams.computeIfAbsent(EventLoop.current(), open);
    }
  }

  /** A print stream keeps its failures for itself; this one throws them. */
  private static final class Checked extends OutputStream {
    private final PrintStream stream;

    Checked(PrintStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(int one) throws IOException {
      stream.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      if (stream.checkError()) {
        throw new IOException("nobody reads it any more, or there is no room");
      }
    }
  }
}
