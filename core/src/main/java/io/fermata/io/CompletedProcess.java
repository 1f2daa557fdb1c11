package io.fermata.io;

import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The exit code and the output of a process that has ended. Python: {@code
 * subprocess.CompletedProcess}.
 *
 * @param command the program and its arguments
 * @param exitCode zero for success; 128 plus the number of the signal that has ended it
 * @param stdout its standard output; empty if that was no pipe
 * @param stderr its standard error; empty if that was no pipe
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed over, and not compared
public record CompletedProcess(List<String> command, int exitCode, byte[] stdout, byte[] stderr) {
  private static final int SHOWN = 1000;

  /**
   * Its standard output as text in UTF-8.
   *
   * @return all of it, with the line end at its end
   */
  public String out() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /**
   * Its standard error as text in UTF-8.
   *
   * @return all of it, with the line end at its end
   */
  public String err() {
    return new String(stderr, StandardCharsets.UTF_8);
  }

  /**
   * Checks that the process has succeeded.
   *
   * @return this
   * @throws IOException if its exit code is not zero; the message has the code and the end of the
   *     standard error
   */
  public CompletedProcess check() throws IOException {
    if (exitCode != 0) {
      String said = err().strip();
      String end = said.length() > SHOWN ? "..." + said.substring(said.length() - SHOWN) : said;
      throw new IOException(
          Brief.of(String.join(" ", command))
              + " ended with exit code "
              + exitCode
              + (end.isEmpty() ? "" : ": " + end));
    }
    return this;
  }

  @Override
  public String toString() {
    return Brief.of(String.join(" ", command))
        + ": exit code "
        + exitCode
        + ", "
        + stdout.length
        + " bytes of output, "
        + stderr.length
        + " of errors";
  }
}
