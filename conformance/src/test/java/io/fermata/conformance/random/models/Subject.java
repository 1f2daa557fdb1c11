package io.fermata.conformance.random.models;

import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.async.Awaiter;
import java.util.List;

/** A thing that tasks share, with the model of its rules. New in each run. */
abstract class Subject {
  /** A task that waits in an act for ever. */
  record Stuck(int who, Act act) {}

  /**
   * Does an act, and compares what comes of it with the model.
   *
   * @param co of the task
   * @param who the number of the task
   * @param act what to do
   */
  abstract void perform(Awaiter co, int who, Act act) throws Exception;

  /**
   * Judges, when nothing can happen any more, who still waits.
   *
   * @param stuck the tasks that have not ended
   */
  abstract void atRest(List<Stuck> stuck);

  /** Judges what is left when all tasks have ended. */
  void atEnd(Awaiter co) throws Exception {}

  static void check(boolean right, String message) {
    if (!right) {
      fail(message);
    }
  }
}
