package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Awaiter;
import io.fermata.conformance.EveryEngine;

/** What the tests of nested bodies share. */
abstract class NestingTest extends AsyncTest {
  /** Called by a body: makes sure that it runs on the engine that is tested, and not on another. */
  final void checkEngine() {
    assertEquals(EveryEngine.compiles(), VirtualTime.runsHere(), "wrong engine");
  }

  static <T> Async<T> later(T value) {
    return Async.sleep(ms(1), value);
  }

  static void assertRefused(String part, Throwable failure) {
    assertInstanceOf(IllegalStateException.class, failure);
    String message = failure.getMessage();
    assertTrue(message.startsWith("await outside its body: "), message);
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("co belongs to one run of one body"), message);
  }

  /** What an await fails with, null if it does not. */
  static Throwable failureOf(Awaiter co, Awaitable<?> awaitable) {
    try {
      co.await(awaitable);
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }
}
