package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncProcess;
import io.fermata.io.AsyncReader;
import io.fermata.io.CompletedProcess;
import io.fermata.io.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;

/** The standard streams of this JVM, put into another's place; and those of another JVM. */
class StdioTest extends IoTest {
  @EngineTest
  void standardInputIsReadAndLeftOpen() throws Exception {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bytes("first\nsecond")));
    try {
      runInRealTime(
          co -> {
            AsyncReader in = Stdio.in();
            assertSame(in, Stdio.in());
            assertEquals("first", co.await(in.readLine()));
            assertEquals("second", co.await(in.readLine()));
            assertNull(co.await(in.readLine()));
          });
    } finally {
      System.setIn(before);
    }
  }

  @EngineTest
  void standardOutputIsWrittenAndLeftOpen() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written));
    try {
      runInRealTime(
          co -> {
            co.await(Stdio.out().write("hello\n"));
            co.await(Stdio.out().aclose());
          });
      System.out.print("more");
    } finally {
      System.setOut(before);
    }
    assertEquals("hello\nmore", written.toString());
  }

  @EngineTest
  void thereAreNoneOutsideOfALoop() {
    assertThrows(IllegalStateException.class, Stdio::in);
  }

  @EngineTest
  void aProgramReadsAndWritesItsStandardStreams() throws Exception {
    runInRealTime(
        co -> {
          CompletedProcess done = co.await(Programs.command("echo").output(bytes("one\ntwo\n")));
          assertEquals("ONE\nTWO\n", done.check().out());
        });
  }

  @EngineTest
  void aProgramWhoseOutputNobodyReadsLearnsThat() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program =
              co.await(
                  Programs.command("flood")
                      .stdin(Redirect.DISCARD)
                      .stdout(Redirect.PIPE)
                      .stderr(Redirect.PIPE)
                      .start());
          co.await(program.stdout().readExactly(10_000));
          program.stdout().close();
          assertEquals(
              "cannot write to standard output: nobody reads it any more, or there is no room",
              co.await(program.stderr().readLine()));
          assertEquals(0, co.await(program.waitFor()));
        });
  }
}
