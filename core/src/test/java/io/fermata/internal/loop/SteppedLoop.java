package io.fermata.internal.loop;

import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Task;
import io.fermata.internal.engine.Ambient;
import io.fermata.internal.kernel.FakeHost;
import io.fermata.internal.kernel.LoopEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A loop of a test, in virtual time: the thread of the test is that of the loop, and runs it round
 * by round.
 */
public final class SteppedLoop implements AutoCloseable {
  public final FakeHost host = new FakeHost();
  public final EventLoop face;
  public final Loop loop;

  /** What was reported to the exception handler. */
  public final List<LoopFailure> failures = new ArrayList<>();

  private final Ambient outside;

  public SteppedLoop() {
    LoopEnvironment.use(host.environment());
    face = EventLoop.open();
    LoopEnvironment.use(null);
    face.setExceptionHandler((of, failure) -> failures.add(failure));
    Loop[] found = new Loop[1];
    face.callSoon(
        () -> {
          found[0] = Loop.current();
          face.stop();
        });
    face.runForever();
    loop = Objects.requireNonNull(found[0]);
    outside = loop.enter();
  }

  /** One round, which does not wait. */
  public void round() {
    loop.kernel.round(false);
  }

  /** Rounds until nothing is ready. */
  public void settle() {
    for (int i = 0; !loop.kernel.isIdle(); i++) {
      if (i == 10_000) {
        throw new AssertionError("the loop does not come to rest");
      }
      round();
    }
  }

  /** Lets time pass, and {@linkplain #settle settles}. */
  public void pass(long nanos) {
    host.now += nanos;
    round();
    settle();
  }

  /** Starts a task, which begins in the next round. */
  public <T> LoopTask<T> start(Awaitable<T> awaited) {
    return (LoopTask<T>) loop.start(awaited.toAsync());
  }

  /** Starts a task, and lets it run until it waits. */
  public <T> LoopTask<T> started(Awaitable<T> awaited) {
    LoopTask<T> task = start(awaited);
    settle();
    return task;
  }

  public <T> LoopTask<T> named(String name, Awaitable<T> awaited) {
    Task<T> task = face.named(name).start(awaited.toAsync());
    return (LoopTask<T>) task;
  }

  public <T> LoopPromise<T> promise() {
    return new LoopPromise<>(loop);
  }

  /** Leaves the loop, so that the thread is not its own any more. */
  public void leave() {
    loop.leave(outside);
  }

  @Override
  public void close() {
    if (Loop.running() == loop) {
      leave();
    }
    face.close();
  }
}
