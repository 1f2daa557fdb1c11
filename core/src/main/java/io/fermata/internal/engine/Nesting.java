package io.fermata.internal.engine;

import io.fermata.runtime.door.Brief;
import org.jspecify.annotations.Nullable;

/**
 * The rule for waits through the {@code co} of an outer body: the outer body has not ended, and the
 * same task executes both.
 */
final class Nesting {
  private Nesting() {}

  /**
   * Makes sure that the body which executes now may do so.
   *
   * @param over whether the body of the {@code co} has ended
   * @param task the task that has stepped it last, null if none
   * @param whose what to call the body
   */
  static void check(boolean over, @Nullable Object task, String whose) {
    if (over) {
      throw outside("await", whose + " has ended");
    }
    Ambient ambient = Ambient.current();
    Object executing = ambient == null ? null : ambient.task();
    if (task == null || task != executing) {
      throw outside(
          "await",
          Brief.of(executing == null ? Thread.currentThread() : executing)
              + " is not the task of "
              + whose);
    }
  }

  /** The exception for an await in the body of a generator, by the {@code co} of an outer body. */
  static IllegalStateException inGenerator() {
    return new IllegalStateException(
        "await outside its body: here the body of a plain generator executes, which cannot wait, as"
            + " its caller takes each step at once; make it an AsyncGenerator, whose own co awaits and"
            + " yields, and whose caller awaits its steps");
  }

  /** The exception for a use of a {@code co} by somebody else. */
  static IllegalStateException outside(String verb, String what) {
    return new IllegalStateException(
        verb
            + " outside its body: "
            + what
            + "; co belongs to one run of one body and may be used only by the body and by what it"
            + " calls, not by another "
            + (verb.equals("await")
                ? "task or thread; a body that awaits and yields is that of an AsyncGenerator"
                : "body or thread; an async generator yields in its own body, and not in that of a"
                    + " scope, using or forEach in it: loop with advance() and current() there"));
  }
}
