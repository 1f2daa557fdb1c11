package io.fermata;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A suspended run of a body that is its own iterator: the common part of {@link Generator}, {@link
 * Coroutine} and the primitive generators.
 *
 * <p><b>Stepping.</b> {@link #advance()} runs the body to its next yield; the other forms are made
 * of it. Creating a generator runs nothing. After its end it stays ended.
 *
 * <p><b>Looking ahead.</b> {@link #hasNext()} has to run the body to know. The value that it found
 * waits until it is taken by {@link #next()}, by {@link #advance()}, or by a generator that
 * delegates to this one; {@link #close()} discards it; to send or raise something while it waits is
 * a {@link WaitingValueException}.
 *
 * <p><b>Failures.</b> What the body throws, the caller of the step gets: the same instance, not
 * wrapped, checked exceptions included. The generator has then ended.
 *
 * <p><b>Threads.</b> A generator may be handed from thread to thread, but is stepped by one at a
 * time; the hand-over has to be safe publication, as for any plain object. A step while another
 * runs is an {@link AlreadyRunningException} where it is noticed.
 *
 * <p><b>Memory.</b> A suspended generator that is not referred to is freed. Whether its {@code
 * finally} blocks then run is not promised: close it, or use try-with-resources.
 *
 * @param <Y> what it yields
 */
public interface BaseGenerator<Y extends @Nullable Object>
    extends Iterable<Y>, Iterator<Y>, AutoCloseable {

  /**
   * Runs the body to its next yield: the loop form without exceptions, and the fastest.
   *
   * <pre>{@code
   * while (g.advance()) use(g.current());
   * }</pre>
   *
   * @return true if it yielded, and {@code current()} tells what; false if it has ended
   * @throws AlreadyRunningException if it is running
   */
  boolean advance();

  /**
   * Tells whether there is a next value; runs the body to find out, and keeps the value until it is
   * taken.
   *
   * @throws AlreadyRunningException if it is running
   */
  @Override
  boolean hasNext();

  /**
   * Runs the body to its next yield and hands the value over, keeping nothing. Python: {@code
   * next(g)}.
   *
   * @return what it yielded
   * @throws StopIteration if it has ended, with the result if it ended in this step
   * @throws AlreadyRunningException if it is running
   */
  @Override
  Y next();

  /**
   * As {@link #next()}, with a value in place of the exception. Python: {@code next(g, otherwise)}.
   *
   * @param otherwise what to return once the generator has ended
   * @return what it yielded, or {@code otherwise}
   */
  default Y nextOr(Y otherwise) {
    return hasNext() ? next() : otherwise;
  }

  /**
   * Throws an exception inside the body, at the yield where it stands, and runs it to its next
   * yield. Python: {@code g.throw(e)}; {@code throw} is a keyword in Java.
   *
   * <p>A body that does not catch it ends, and the same instance comes out here. Raised before the
   * first step or after the end, it comes out at once and nothing runs. If the body throws another
   * exception in this step, that one comes out, with the raised one among its suppressed
   * exceptions, unless it is among its causes.
   *
   * @param exception what to throw; its stack trace stays as it is
   * @param <E> its type
   * @return what the body yields next
   * @throws E if the body does not catch it
   * @throws StopIteration if the body catches it and returns
   * @throws NullPointerException if it is null; the generator is not touched
   * @throws WaitingValueException if a value that {@code hasNext()} fetched has not been taken
   * @throws AlreadyRunningException if it is running
   */
  <E extends Throwable> Y raise(E exception) throws E;

  /**
   * Ends the generator: throws {@link GeneratorExit} inside the body, at the yield where it stands,
   * so that its {@code finally} blocks run. Python: {@code g.close()}.
   *
   * <p>A body that lets it pass or returns has ended, and this method returns. Before the first
   * step nothing runs; after the end it does nothing, so it may be called any number of times. Any
   * other exception of the body comes out, with the {@code GeneratorExit} suppressed in it.
   *
   * @throws IgnoredExitException if the body yields instead of ending; it is then still suspended
   * @throws AlreadyRunningException if it is running
   */
  @Override
  default void close() {
    try {
      raise(new GeneratorExit());
    } catch (GeneratorExit | StopIteration ended) {
      return;
    }
    throw new IgnoredExitException(
        this
            + " yielded while it was being closed: a body that catches GeneratorExit has to return"
            + " or to throw; it is suspended at that yield, and can be closed again");
  }

  /**
   * The state of the generator. Python: {@code inspect.getgeneratorstate}.
   *
   * @return its state at this moment
   */
  State state();

  /**
   * What it delegates to while it is suspended in a {@code yieldFrom}. Python: {@code
   * gi_yieldfrom}.
   *
   * @return the generator or iterator that gets the next step; null when it does not delegate, and
   *     while it runs
   */
  default @Nullable Object delegate() {
    return null;
  }

  /**
   * Where in the source it stands suspended. Python: {@code gi_frame.f_lineno}. On the thread
   * engine this walks the body's stack (microseconds).
   *
   * @return the innermost line of the body, or of a helper that yields for it; null before the
   *     first step, while it runs, after its end, and where it is not known
   */
  default @Nullable StackTraceElement position() {
    return null;
  }

  /**
   * The kind of coroutine, in Python's words.
   *
   * @return {@code "generator"}
   */
  default String kind() {
    return "generator";
  }

  /**
   * The engine that runs it.
   *
   * @return {@code "compiled"} or {@code "thread"}; {@code "user"} for a class that implements the
   *     interface itself
   */
  default String engine() {
    return "user";
  }

  /**
   * Why that engine runs it.
   *
   * @return one sentence with file and line, where they are known
   */
  default String engineReason() {
    return getClass().getName() + " implements its steps itself";
  }

  /**
   * Takes all values that are left.
   *
   * @return a new list, which is the caller's; an endless generator ends in an {@code
   *     OutOfMemoryError}
   */
  default List<Y> toList() {
    List<Y> values = new ArrayList<>();
    forEachRemaining(values::add);
    return values;
  }

  /**
   * Itself: a generator can be looped over once.
   *
   * @return this generator
   */
  @Override
  default Iterator<Y> iterator() {
    return this;
  }
}
