package io.fermata.io;

import io.fermata.CheckReturnValue;
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
 * Operations on files that do not block the loop: those of {@link Files}, on another thread.
 *
 * <pre>{@code
 * String settings = co.await(AsyncFiles.readString(path));
 * co.await(AsyncFiles.lines(log).forEach((in, line) -> { if (line.contains("ERROR")) counter++; }));
 * co.await(AsyncFiles.writeString(report, text));
 * }</pre>
 *
 * <p>For other methods of {@code Files}, use {@link Async#toThread(java.util.concurrent.Callable)}.
 * To wait until files change, use {@link FileWatcher}.
 *
 * <p><b>Cancellation.</b> A system call under way goes on, and its result is dropped. A cancelled
 * write may still be made.
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
  @CheckReturnValue
  public static Async<byte[]> readAllBytes(Path file) {
    Objects.requireNonNull(file, "file");
    return Async.toThread(() -> Files.readAllBytes(file));
  }

  /**
   * The text of a file in UTF-8.
   *
   * @param file what to read
   * @return gives it; throws the {@code IOException} of {@link Files#readString(Path)}, also for
   *     bytes that are no UTF-8
   */
  @CheckReturnValue
  public static Async<String> readString(Path file) {
    Objects.requireNonNull(file, "file");
    return Async.toThread(() -> Files.readString(file));
  }

  /**
   * Writes all bytes of a file.
   *
   * @param file what to write
   * @param bytes the new content; do not change it meanwhile
   * @param options none to create the file, or to replace its content
   * @return gives the file
   */
  @CheckReturnValue
  public static Async<Path> write(Path file, byte[] bytes, OpenOption... options) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(bytes, "bytes");
    return Async.toThread(() -> Files.write(file, bytes, options));
  }

  /**
   * Writes the text of a file in UTF-8.
   *
   * @param file what to write
   * @param text the new content
   * @param options none to create the file, or to replace its content
   * @return gives the file
   */
  @CheckReturnValue
  public static Async<Path> writeString(Path file, CharSequence text, OpenOption... options) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
    return Async.toThread(() -> Files.writeString(file, text, options));
  }

  /**
   * The lines of a file in UTF-8, as {@link AsyncReader#readLine()} gives them. The file may have
   * any size. It is opened in the first step, and closed at its end or with the generator.
   *
   * @param file what to read
   * @return a new generator, not started
   */
  @CheckReturnValue
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
  @CheckReturnValue
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
   * Opens a file as a stream of bytes. The file is closed at its end, and by {@link
   * AsyncReader#close}.
   *
   * @param file what to read
   * @return gives the reader
   */
  @CheckReturnValue
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
   * Opens a file to write it as a stream. {@link AsyncWriter#aclose} closes it, and throws if not
   * all was written.
   *
   * @param file what to write
   * @param options none to create the file, or to replace its content
   * @return gives the writer
   */
  @CheckReturnValue
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
