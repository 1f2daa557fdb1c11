package io.fermata.internal.flow;

import io.fermata.GeneratorExit;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.internal.loop.Interruption;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SourceOwner;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a generator that is made of other generators, its sources: what all operators share.
 * {@link StepFrame} steps the sources in the caller's task, {@link StageFrame} in tasks of its own.
 *
 * <p><b>Guarantee.</b> However it ends, it first stops its tasks and closes each source, in order,
 * each one also if the one before fails to close. Only then the step tells the end. This holds for
 * a generator that was never stepped as well. A step may throw and leave it suspended, by {@link
 * #interrupted}.
 *
 * <p><b>Structure.</b> A subclass implements {@link #go}, as in {@link LibraryFrame}: from each
 * place it returns what {@link #awaiting}, {@link #yielding} or {@link #interrupted} gives, or
 * {@code RETURNED}, or it throws.
 *
 * <pre>
 * CREATED         -&gt; REST         begin(); or CLOSED, if the first step closes it
 * REST            -&gt; place        go() awaits something
 * place           -&gt; REST         go() yields, or is interrupted
 * REST, place     -&gt; CLOSED       go() returns or throws, something is raised at REST
 * CLOSED          -&gt; CLOSED       a source is being closed, the next one follows
 * CLOSED          -&gt; (over)       all are closed: it returns, or throws what ended it
 * </pre>
 *
 * <p><b>Protocol.</b> The loop closes open generators when it ends, each in a task. It must not
 * close a source at the same time as the owner does, so the first step takes the sources over
 * ({@link SteppedGenerator#handOver}). Before that the loop closes them.
 *
 * <p><b>Rejected.</b> A body of the public API around the sources: it cannot close a generator that
 * was never stepped, and a cancelled step would end it.
 */
abstract class OwningFrame<R extends @Nullable Object> extends AsyncGeneratorFrame<R>
    implements SourceOwner {
  /** The next step begins: it has yielded, or a step was interrupted. */
  static final int REST = 1;

  /** Beyond the places of subclasses. */
  private static final int CLOSED = 10;

  List<AsyncGenerator<?>> sources;
  private final String name;

  /** What the first step throws; null if it is an ordinary one. */
  private @Nullable Throwable first;

  /** Sources that were closed so far, and 1 for the tasks. */
  private int closed;

  /** What it throws when all are closed; null if it just ends. */
  private @Nullable Throwable outcome;

  /** The requests that the closing task had got before. */
  private int gotBefore;

  OwningFrame(String name, List<AsyncGenerator<?>> sources) {
    this.name = name;
    this.sources = sources;
  }

  /** The first step begins. */
  void begin() {}

  /** Runs to the next await or yield, or to the end. */
  abstract int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable;

  /** Stops what runs on its own, and waits for it; null if there is nothing. */
  @Nullable Async<Void> stop() {
    return null;
  }

  final int awaiting(Object awaited, int goOnAt) {
    value = awaited;
    state = goOnAt;
    return DELEGATED;
  }

  final int yielding(@Nullable Object yielded) {
    value = offered(yielded);
    state = REST;
    return YIELDED;
  }

  /** The step throws, and nothing is lost: another one may follow. */
  final int interrupted(Throwable why) {
    value = new Interruption(why);
    state = REST;
    return YIELDED;
  }

  @Override
  public final void beginWith(Throwable exception) {
    first = exception;
  }

  @Override
  protected final int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    int place = state & PLACE;
    state = RUNNING;
    if (place == CLOSED) {
      note(raised);
      return closeNext();
    }
    try {
      if (place == CREATED) {
        takeOver();
        if (first != null) {
          throw first;
        }
        begin();
        place = REST;
      } else if (place == REST && raised != null) {
        throw raised;
      }
      int suspended = go(place, sent, raised);
      if (suspended != RETURNED) {
        return suspended;
      }
    } catch (Throwable thrown) {
      outcome = thrown;
    }
    gotBefore = LoopTask.entering(name).gotRequests();
    return closeNext();
  }

  private void takeOver() {
    for (AsyncGenerator<?> source : sources) {
      if (source instanceof SteppedGenerator<?, ?> stepped) {
        stepped.handOver();
      }
    }
  }

  private int closeNext() throws Throwable {
    while (closed <= sources.size()) {
      int next = closed++;
      try {
        Async<Void> closing =
            next == 0
                ? stop()
                : Objects.requireNonNull(sources.get(next - 1).aclose(), "aclose() gave null");
        if (closing != null) {
          return awaiting(closing, CLOSED);
        }
      } catch (Throwable thrown) { // aclose() itself threw instead of its await
        note(thrown);
      }
    }
    if (outcome != null) {
      throw outcome;
    }
    value = null;
    return RETURNED;
  }

  /** A closing has failed. It is told if nothing else is; else it is suppressed in that. */
  private void note(@Nullable Throwable failed) {
    if (failed == null) {
      return;
    }
    Throwable told = outcome;
    if (told == null || told instanceof GeneratorExit) {
      outcome = failed;
      return;
    }
    Throwing.suppress(told, failed);
    LoopTask<?> task = LoopTask.entering(name);
    // A request that interrupted the closing must not get lost in the suppressed exceptions, so the
    // next suspension delivers it.
    if (failed instanceof Cancelled request
        && !(told instanceof Cancelled)
        && task.gotRequests() > gotBefore) {
      task.requestAgain(request, gotBefore);
    }
  }

  @Override
  protected void ended() {
    sources = List.of();
    first = null;
    outcome = null;
  }

  @Override
  protected final Inspection inspect() {
    return new LibraryFrame.View(name + "()", null);
  }

  /** The name of the operator. */
  final String name() {
    return name;
  }
}
