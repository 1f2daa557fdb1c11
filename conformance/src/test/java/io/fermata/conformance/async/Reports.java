package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs meanwhile, instead of on the console. */
final class Reports extends Handler implements AutoCloseable {
  private static final long LIMIT = 60_000;

  private final Logger logger;
  private final List<String> messages = new ArrayList<>();

  Reports(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public synchronized void publish(LogRecord record) {
    messages.add(record.getMessage());
    notifyAll();
  }

  /** What was logged so far. */
  synchronized List<String> all() {
    return List.copyOf(messages);
  }

  /** The first message with that text; waits for it. */
  String await(String text) {
    return await(text, () -> false);
  }

  /** The first message with that text; waits for it, and does something again and again. */
  synchronized String await(String text, BooleanSupplier nudge) {
    long start = System.nanoTime();
    while (true) {
      for (String each : messages) {
        if (each.contains(text)) {
          return each;
        }
      }
      if ((System.nanoTime() - start) / 1_000_000 > LIMIT) {
        return fail("no report of \"" + text + "\" in " + messages);
      }
      try {
        wait(20);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      nudge.getAsBoolean();
    }
  }

  /** The first message with that text; waits for it, and has dropped objects collected. */
  String awaitCollected(String text) {
    return await(
        text,
        () -> {
          System.gc();
          return true;
        });
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  /** For messages of failed assertions. */
  Supplier<String> shown() {
    return () -> String.join("\n", all());
  }
}
