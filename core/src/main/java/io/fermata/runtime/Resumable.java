package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/**
 * One run of one body, which executes only between the call and the return of {@link #resume}: the
 * waist between the meaning of a generator ({@link Frame}) and the way in which it is suspended.
 *
 * <p>It has no state, result, delegate or closing; those are the frame's. The caller calls {@link
 * #ready} before each {@code resume}, resumes one at a time, and never after the end.
 */
public interface Resumable {
  /** The body yielded; {@link #take} gives the value. */
  int YIELDED = 0;

  /**
   * The body waits for a delegate; {@link #take} gives it, and the next resume brings its result.
   */
  int DELEGATED = 1;

  /** The body returned; {@link #take} gives the result. */
  int RETURNED = 2;

  /**
   * Obtains what the next resume needs, the first or a later one. If this fails nothing has
   * happened, and it may be tried again.
   *
   * @throws ContendedStep if another thread is between this call and the {@link #take} of a resume
   */
  void ready();

  /**
   * Runs the body to its next suspension or to its end.
   *
   * @param sent the value of the yield or of the delegation where it waits; ignored by the first
   *     one
   * @param raised if not null, is thrown there instead
   * @return {@link #YIELDED}, {@link #DELEGATED} or {@link #RETURNED}
   * @throws Throwable what the body threw; it has ended
   */
  int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable;

  /**
   * The value, delegate or result of the last resume.
   *
   * @return it; the run keeps nothing
   */
  @Nullable Object take();

  /** Lets go of the body: it has ended, or will never run. */
  void end();

  /**
   * A view of it for people.
   *
   * @return a view of this run
   */
  Inspection inspect();
}
