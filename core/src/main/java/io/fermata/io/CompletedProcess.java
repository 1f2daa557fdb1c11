package io.fermata.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a process has ended, and what it has written. Python: {@code subprocess.CompletedProcess}.
 *
 * @param command the program and its arguments
 * @param exitCode zero for success; 128 and the number of the signal if one has ended it
 * @param stdout what came through the pipe of its standard output; empty if that was no pipe
 * @param stderr what came through the pipe of its standard error; empty if that was no pipe
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, and compared by nobody
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
   * Makes sure that it has succeeded.
   *
   * @return this
   * @throws IOException if its exit code is not zero; says which, and shows the end of its standard
   *     error
   */
  public CompletedProcess check() throws IOException {
    if (exitCode != 0) {
      String said = err().strip();
      String end = said.length() > SHOWN ? "..." + said.substring(said.length() - SHOWN) : said;
      throw new IOException(
          String.join(" ", command)
              + " ended with exit code "
              + exitCode
              + (end.isEmpty() ? "" : ": " + end));
    }
    return this;
  }

  @Override
  public String toString() {
    return String.join(" ", command)
        + ": exit code "
        + exitCode
        + ", "
        + stdout.length
        + " bytes of output, "
        + stderr.length
        + " of errors";
  }
}
