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
 * <p>Each loop has one reader and two writers, made at the first call. They use {@link System#in},
 * {@link System#out} and {@link System#err} of that moment, and leave them open when they are
 * closed. The reader reads ahead, and its bytes are lost with its loop: read standard input in one
 * loop of a program only.
 *
 * <p>The end of the program loses bytes that are not written: flush the writers before.
 */
public final class Stdio {
  // Guarded by themselves; loops that are closed are taken out at the next use

  private static final Map<EventLoop, AsyncReader> IN = new HashMap<>();
  private static final Map<EventLoop, AsyncWriter> OUT = new HashMap<>();
  private static final Map<EventLoop, AsyncWriter> ERR = new HashMap<>();

  private Stdio() {}

  /**
   * The reader of standard input.
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
   * The writer of standard output.
   *
   * @return the writer of the current loop
   * @throws IllegalStateException if no loop runs here
   */
  public static AsyncWriter out() {
    return ofLoop(
        OUT, loop -> PipeSink.writerThatLeavesOpen("standard output", new Checked(System.out)));
  }

  /**
   * The writer of standard error.
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

  /** An output stream that throws the failures that a print stream hides. */
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
