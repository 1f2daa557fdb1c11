package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fermata.async.LoopFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnretrievedFailuresTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final List<LoopFailure> reported = new ArrayList<>();
  private final UnretrievedFailures unretrieved = new UnretrievedFailures(reported::add);
  private final LoopPromise<String> one = stepped.promise();
  private final LoopPromise<String> two = stepped.promise();
  private final IOException failure = new IOException("one");
  private final IOException other = new IOException("two");

  @AfterEach
  void close() {
    stepped.close();
  }

  private List<Throwable> exceptions() {
    return reported.stream().map(LoopFailure::exception).toList();
  }

  @Test
  void allAreReportedAtTheEndInOrder() {
    unretrieved.watch(one, failure);
    unretrieved.watch(two, other);
    assertEquals(List.of(), reported);
    unretrieved.reportAll();
    assertEquals(List.of(failure, other), exceptions());
    assertSame(one, reported.get(0).source());
    assertEquals("a failure was never retrieved: promise failed", reported.get(0).message());
  }

  @Test
  void eachIsReportedOnce() {
    unretrieved.watch(one, failure);
    unretrieved.reportAll();
    unretrieved.reportAll();
    assertEquals(1, reported.size());
  }

  @Test
  void aRetrievedOneIsNotReported() {
    var entry = unretrieved.watch(one, failure);
    unretrieved.watch(two, other);
    entry.retrieved();
    unretrieved.reportAll();
    assertEquals(List.of(other), exceptions());
  }

  /** To enqueue a reference is what the collector does. */
  @Test
  void aDroppedOneIsReportedWhenTheNextFails() {
    unretrieved.watch(one, failure).enqueue();
    assertEquals(List.of(), reported);
    unretrieved.watch(two, other);
    assertEquals(List.of(failure), exceptions());
    assertNull(reported.get(0).source());
  }

  @Test
  void aDroppedOneIsReportedByItsLoop() {
    unretrieved.watch(one, failure).enqueue();
    unretrieved.watch(two, other).enqueue();
    reported.clear(); // the first, when the second failed
    unretrieved.handOver(stepped.loop);
    assertEquals(List.of(), reported);
    stepped.round();
    assertEquals(List.of(other), exceptions());
  }

  @Test
  void aDroppedOneThatWasRetrievedIsNotReported() {
    var entry = unretrieved.watch(one, failure);
    entry.retrieved();
    entry.enqueue();
    unretrieved.handOver(stepped.loop);
    stepped.round();
    assertEquals(List.of(), reported);
  }
}
