package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import java.util.List;

/** An asynchronous generator that awaits in its finally block. */
abstract class GeneratorScene extends AsyncTest {
  /** Yields 1 and 2; cleans up for two milliseconds, and logs it. */
  final AsyncGenerator<Integer> cleaning() {
    List<Object> to = log;
    return AsyncGenerator.of(
        co -> {
          try {
            co.yield(1);
            co.yield(2);
          } finally {
            co.await(Async.sleep(ms(2)));
            to.add("cleaned");
          }
        });
  }
}
