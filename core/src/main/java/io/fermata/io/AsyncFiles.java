package io.fermata.io;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files, off the loop's thread: what {@link Files} does, without stopping the loop for it.
 *
 * <pre>{@code
 * String settings = co.await(AsyncFiles.readString(path));
 * co.await(AsyncFiles.lines(log).forEach((in, line) -> { if (line.contains("ERROR")) counter++; }));
 * co.await(AsyncFiles.writeString(report, text));
 * }</pre>
 *
 * <p>For anything else of {@code Files}, use {@link Async#toThread(java.util.concurrent.Callable)},
 * as these methods do. To wait until files change, use {@link FileWatcher}.
 *
 * <p><b>Cancellation.</b> A call of the system that is under way goes on, and its result is
 * dropped: a write that was cancelled may still be made.
 */
public final class AsyncFiles {
  /** The longest line that {@link #lines(Path)} takes: 1 MiB. */
  public static final int LONGEST_LINE = 1 << 20;

  private AsyncFiles() {}

  /**
   * All bytes of a file.
   *
   * @param file what to read
   * @return gives them; throws the {@code IOException} of {@link Files#readAllBytes}
   */
  public static Async<byte[]> readAllBytes(Path file) {
    Objects.requireNonNull(file, "file");
    return Async.toThread(() -> Files.readAllBytes(file));
  }

  /**
   * The text of a file in UTF-8.
   *
   * @param file what to read
   * @return gives it; throws the {@code IOException} of {@link Files#readString(Path)}, also if it
   *     is no UTF-8
   */
  public static Async<String> readString(Path file) {
    Objects.requireNonNull(file, "file");
    return Async.toThread(() -> Files.readString(file));
  }

  /**
   * Writes all bytes of a file.
   *
   * @param file what to write
   * @param bytes what it holds then; not to be changed meanwhile
   * @param options none to create it, or to replace what it holds
   * @return gives the file
   */
  public static Async<Path> write(Path file, byte[] bytes, OpenOption... options) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(bytes, "bytes");
    return Async.toThread(() -> Files.write(file, bytes, options));
  }

  /**
   * Writes the text of a file in UTF-8.
   *
   * @param file what to write
   * @param text what it holds then
   * @param options none to create it, or to replace what it holds
   * @return gives the file
   */
  public static Async<Path> writeString(Path file, CharSequence text, OpenOption... options) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
    return Async.toThread(() -> Files.writeString(file, text, options));
  }

  /**
   * The lines of a file in UTF-8, of any size, as {@link AsyncReader#readLine()} gives them. It is
   * opened in the first step, and closed at the end and with the generator.
   *
   * @param file what to read
   * @return a new generator, not started
   */
  public static AsyncGenerator<String> lines(Path file) {
    return lines(file, StandardCharsets.UTF_8);
  }

  /**
   * The lines of a file, as {@link AsyncReader#readLine(Charset)} gives them.
   *
   * @param file what to read
   * @param charset one in which the byte 10 occurs only as {@code \n}
   * @return a new generator, not started
   */
  public static AsyncGenerator<String> lines(Path file, Charset charset) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(charset, "charset");
    return AsyncGenerator.of(
        co -> {
          AsyncReader in = co.await(reader(file, LONGEST_LINE));
          try {
            for (String line = co.await(in.readLine(charset));
                line != null;
                line = co.await(in.readLine(charset))) {
              co.yield(line);
            }
          } finally {
            in.close();
          }
        });
  }

  /**
   * Opens a file to read it as a stream. It is closed at its end, and by {@link AsyncReader#close}.
   *
   * @param file what to read
   * @return gives the reader
   */
  public static Async<AsyncReader> reader(Path file) {
    return reader(file, AsyncReader.DEFAULT_LIMIT);
  }

  private static Async<AsyncReader> reader(Path file, int limit) {
    Objects.requireNonNull(file, "file");
    return Async.of(
        co -> {
          InputStream opened = co.await(ResourceOpening.of(() -> Files.newInputStream(file)));
          return PipeSource.reader(file.toString(), opened, limit);
        });
  }

  /**
   * Opens a file to write it as a stream. It is closed by {@link AsyncWriter#aclose}, which tells
   * whether all was written.
   *
   * @param file what to write
   * @param options none to create it, or to replace what it holds
   * @return gives the writer
   */
  public static Async<AsyncWriter> writer(Path file, OpenOption... options) {
    Objects.requireNonNull(file, "file");
    return Async.of(
        co -> {
          OutputStream opened =
              co.await(ResourceOpening.of(() -> Files.newOutputStream(file, options)));
          return PipeSink.writer(file.toString(), opened);
        });
  }
}
