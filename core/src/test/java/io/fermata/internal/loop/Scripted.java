package io.fermata.internal.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * A body of a test, written in steps. Each gets what the await before it gave, and returns what is
 * awaited next; the last one returns the result.
 */
public final class Scripted<T> extends LibraryFrame<T> {
  private final List<Step> steps;
  private boolean goesOn;

  /** What was thrown into it, if it {@linkplain #goingOn goes on} then. */
  public final List<Throwable> caught = new ArrayList<>();

  /** Code between two awaits. */
  @FunctionalInterface
  public interface Step {
    Object go(Object sent) throws Throwable;
  }

  private Scripted(List<Step> steps) {
    this.steps = steps;
  }

  public static <T> Scripted<T> of(Step... steps) {
    return new Scripted<>(List.of(steps));
  }

  /** Awaits one thing, and gives what that gives. */
  public static <T> Scripted<T> awaitingOnly(Object awaited) {
    return of(sent -> awaited, sent -> sent);
  }

  /** Has it catch what is thrown into it, and go on with the next step. */
  public Scripted<T> goingOn() {
    goesOn = true;
    return this;
  }

  @Override
  protected int go(int place, Object sent, Throwable raised) throws Throwable {
    if (raised != null) {
      if (!goesOn) {
        throw raised;
      }
      caught.add(raised);
    }
    Object next = steps.get(place).go(sent);
    return place == steps.size() - 1 ? done(next) : awaiting(next, place + 1);
  }

  @Override
  protected String description() {
    return "script";
  }
}
