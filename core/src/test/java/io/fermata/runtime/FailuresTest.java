package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final IOException earlier = new IOException("earlier");

  @Test
  void theEarlierExceptionIsSuppressed() {
    IOException later = new IOException();

    Failures.suppress(later, earlier);

    assertArrayEquals(new Throwable[] {earlier}, later.getSuppressed());
  }

  @Test
  void anExceptionDoesNotSuppressItself() {
    Failures.suppress(earlier, earlier);

    assertEquals(0, earlier.getSuppressed().length);
  }

  @Test
  void aCauseIsNotSuppressedToo() {
    IOException later = new IOException(new IOException(earlier));

    Failures.suppress(later, earlier);

    assertEquals(0, later.getSuppressed().length);
  }

  @Test
  void aSuppressedCauseIsNotSuppressedAgain() {
    IOException between = new IOException();
    between.addSuppressed(new IOException(earlier));
    IOException later = new IOException(between);

    Failures.suppress(later, earlier);

    assertEquals(0, later.getSuppressed().length);
  }

  @Test
  void noCircleIsMade() {
    IOException later = new IOException();
    earlier.initCause(later);

    Failures.suppress(later, earlier);

    assertEquals(0, later.getSuppressed().length);
  }

  @Test
  void theSearchEndsInACircle() {
    IOException first = new IOException();
    first.initCause(new IOException(first));

    Failures.suppress(first, earlier);

    assertArrayEquals(new Throwable[] {earlier}, first.getSuppressed());
  }

  @Test
  void theSearchIsBounded() {
    IOException later = new IOException();
    Throwable deep = earlier;
    for (int i = 0; i < 1000; i++) {
      deep = new IOException(deep);
    }
    later.initCause(deep);

    Failures.suppress(later, earlier);

    assertArrayEquals(new Throwable[] {earlier}, later.getSuppressed());
  }

  @Test
  void aCauseThatThrowsIsNone() {
    assertNull(
        Failures.cause(
            new IOException() {
              @Override
              public synchronized Throwable getCause() {
                throw new IllegalStateException();
              }
            }));
  }

  @Test
  void aCheckedExceptionIsThrownAsItIs() {
    assertSame(
        earlier,
        assertThrows(
            IOException.class,
            () -> {
              throw Failures.sneaky(earlier);
            }));
  }
}
