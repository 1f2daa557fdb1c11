package io.fermata.conformance.random.models;

import io.fermata.conformance.EngineTest;

/**
 * What tasks share, under random cancellations, limits and orders: nothing is lost, nothing is
 * there twice, nobody is overtaken where that is promised, and everything ends.
 *
 * <p>{@code -Dmodels.seeds=N} runs N seeds of each kind, {@code -Dmodels.seed=N} begins with N.
 */
public class ModelsTest {
  private static final String SCOPES = "SCOPES";

  static final int SEEDS = Integer.getInteger("models.seeds", 1000);

  /** Also found by its name in another loader, to find a mistake in a library. */
  public static void check(String sort, int seeds) {
    if (sort.equals(SCOPES)) {
      Checked.check(sort, seeds, Scopes::of);
    } else {
      Checked.check(sort, seeds, random -> Acts.of(Sort.valueOf(sort), random));
    }
  }

  @EngineTest
  void scopes() {
    check(SCOPES, SEEDS);
  }

  @EngineTest
  void fifoQueues() {
    check("FIFO", SEEDS / 2);
    check("BOUNDED_FIFO", SEEDS);
  }

  @EngineTest
  void lifoQueues() {
    check("BOUNDED_LIFO", SEEDS);
  }

  @EngineTest
  void priorityQueues() {
    check("BOUNDED_PRIORITY", SEEDS);
  }

  @EngineTest
  void locks() {
    check("LOCK", SEEDS);
  }

  @EngineTest
  void semaphores() {
    check("SEMAPHORE", SEEDS);
  }

  @EngineTest
  void conditions() {
    check("CONDITION", SEEDS);
  }

  @EngineTest
  void barriers() {
    check("BARRIER", SEEDS);
  }
}
