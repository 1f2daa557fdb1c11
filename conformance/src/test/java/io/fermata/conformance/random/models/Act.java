package io.fermata.conformance.random.models;

/**
 * One thing that a task does.
 *
 * @param what its name, which the subject knows; or {@link #CANCEL}
 * @param number what it is done with: a count, a time, or the task to cancel
 * @param pause the milliseconds before it
 * @param limit the milliseconds after which it is cut short; negative for none
 * @param swallows whether the task goes on when it is cancelled here
 */
record Act(String what, int number, int pause, int limit, boolean swallows) {
  static final String CANCEL = "cancel";

  static final int NO_LIMIT = -1;

  Act withoutPause() {
    return new Act(what, number, 0, limit, swallows);
  }

  Act withoutLimit() {
    return new Act(what, number, pause, NO_LIMIT, swallows);
  }

  @Override
  public String toString() {
    return (pause > 0 ? "after " + pause + " ms " : "")
        + what
        + "("
        + number
        + ")"
        + (limit >= 0 ? " for at most " + limit + " ms" : "")
        + (swallows ? ", goes on if cancelled" : "");
  }
}
