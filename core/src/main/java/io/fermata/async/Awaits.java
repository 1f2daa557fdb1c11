package io.fermata.async;

import io.fermata.Coroutine;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.CompletionFrame;
import io.fermata.internal.compose.CoroutineAsync;
import io.fermata.internal.compose.ExpiredWaitFrame;
import io.fermata.internal.compose.FirstFrame;
import io.fermata.internal.compose.FutureFrame;
import io.fermata.internal.compose.GatherFrame;
import io.fermata.internal.compose.RaceFrame;
import io.fermata.internal.compose.RetryFrame;
import io.fermata.internal.compose.SelectCase;
import io.fermata.internal.compose.SelectFrame;
import io.fermata.internal.compose.ShieldFrame;
import io.fermata.internal.compose.StartedTasks;
import io.fermata.internal.compose.UncancellableFrame;
import io.fermata.internal.compose.UsingFrame;
import io.fermata.internal.compose.WaitFrame;
import io.fermata.internal.flow.TickerFrame;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.waiting.Pause;
import io.fermata.internal.waiting.Sleep;
import io.fermata.internal.waiting.ThreadCall;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The door from {@link Async} to the frames and waits behind its factories. */
final class Awaits {
  private Awaits() {}

  // Bodies

  static <T extends @Nullable Object> Async<T> of(AsyncBody<T> body) {
    return Bodies.of(null, body);
  }

  static <T extends @Nullable Object> Async<T> of(MethodHandles.Lookup lookup, AsyncBody<T> body) {
    return Bodies.of(Bodies.given(lookup), body);
  }

  static Async<Void> action(AsyncAction body) {
    return Bodies.action(null, body);
  }

  static Async<Void> action(MethodHandles.Lookup lookup, AsyncAction body) {
    return Bodies.action(Bodies.given(lookup), body);
  }

  static <H extends @Nullable Object, T extends @Nullable Object> Async<T> ofWith(
      H handle, ScopeBody<H, T> body) {
    return Bodies.scope(null, body, handle);
  }

  static <H extends @Nullable Object, T extends @Nullable Object> Async<T> ofWith(
      MethodHandles.Lookup lookup, H handle, ScopeBody<H, T> body) {
    return Bodies.scope(Bodies.given(lookup), body, handle);
  }

  static <H extends @Nullable Object> Async<Void> actionWith(H handle, ScopeAction<H> body) {
    return Bodies.scopeAction(null, body, handle);
  }

  static <H extends @Nullable Object> Async<Void> actionWith(
      MethodHandles.Lookup lookup, H handle, ScopeAction<H> body) {
    return Bodies.scopeAction(Bodies.given(lookup), body, handle);
  }

  static <T extends @Nullable Object> Async<T> coroutine(
      Coroutine<@Nullable Object, ? extends @Nullable Awaitable<?>, T> coroutine) {
    return new CoroutineAsync<>(Objects.requireNonNull(coroutine, "the coroutine is null"));
  }

  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      R resource, ScopeBody<R, T> body) {
    return new UsingFrame<>(given(resource), Bodies.scope(null, body, resource));
  }

  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      MethodHandles.Lookup lookup, R resource, ScopeBody<R, T> body) {
    return new UsingFrame<>(given(resource), Bodies.scope(Bodies.given(lookup), body, resource));
  }

  static <R extends AsyncCloseable> Async<Void> usingAction(R resource, ScopeAction<R> body) {
    return new UsingFrame<>(given(resource), Bodies.scopeAction(null, body, resource));
  }

  static <R extends AsyncCloseable> Async<Void> usingAction(
      MethodHandles.Lookup lookup, R resource, ScopeAction<R> body) {
    return new UsingFrame<>(
        given(resource), Bodies.scopeAction(Bodies.given(lookup), body, resource));
  }

  private static <R> R given(R resource) {
    return Objects.requireNonNull(resource, "nothing to close");
  }

  static <T extends @Nullable Object> Async<T> future(CompletionStage<T> stage) {
    return new FutureFrame<>(stage.toCompletableFuture());
  }

  static <T extends @Nullable Object> Async<T> future(Future<T> future) {
    return new FutureFrame<>(future);
  }

  static <T extends @Nullable Object> Async<T> retry(
      RetryPolicy policy, Supplier<? extends Awaitable<T>> attempts) {
    return new RetryFrame<>(rules(policy), Objects.requireNonNull(attempts, "nothing to try"));
  }

  private static RetryFrame.Rules rules(RetryPolicy policy) {
    Objects.requireNonNull(policy, "the policy is null");
    return new RetryFrame.Rules() {
      @Override
      public int attempts() {
        return policy.attempts();
      }

      @Override
      public boolean takes(Exception failure) {
        return policy.takes(failure);
      }

      @Override
      public long pauseAfter(int failed, DoubleSupplier random) {
        double seconds = policy.pauseAfter(failed, random);
        return Math.min(Math.round(seconds * 1e9), Durations.LONGEST);
      }

      @Override
      public OptionalLong seed() {
        return policy.seed();
      }
    };
  }

  static <T extends @Nullable Object> Async<T> retry(
      MethodHandles.@Nullable Lookup lookup, RetryPolicy policy, AsyncBody<T> body) {
    Objects.requireNonNull(body, "nothing to try");
    return new RetryFrame<>(rules(policy), () -> Bodies.of(lookup, body));
  }

  static <T extends @Nullable Object> Async<T> retryGiven(
      MethodHandles.Lookup lookup, RetryPolicy policy, AsyncBody<T> body) {
    return retry(Bodies.given(lookup), policy, body);
  }

  // Cases

  static MethodHandles.Lookup given(MethodHandles.Lookup lookup) {
    return Bodies.given(lookup);
  }

  static <A extends @Nullable Object> Case<A> caseOf(Awaitable<A> wait) {
    return SelectCase.of(wait);
  }

  static <A extends @Nullable Object, T extends @Nullable Object> Case<T> caseOf(
      MethodHandles.@Nullable Lookup lookup, Awaitable<A> wait, ScopeBody<A, T> then) {
    return SelectCase.of(lookup, wait, then);
  }

  static <A extends @Nullable Object> Case<Void> caseAction(
      MethodHandles.@Nullable Lookup lookup, Awaitable<A> wait, ScopeAction<A> then) {
    return SelectCase.action(lookup, wait, then);
  }

  static <T extends @Nullable Object> Case<T> otherwise(
      MethodHandles.@Nullable Lookup lookup, AsyncBody<T> body) {
    return SelectCase.otherwise(lookup, body);
  }

  static <T extends @Nullable Object> Async<T> select(
      Iterable<? extends Case<? extends T>> cases, boolean isInOrder) {
    return new SelectFrame<>(cases, isInOrder);
  }

  // Time and threads

  static <T extends @Nullable Object> Async<T> sleep(Duration duration, T value) {
    long nanos = Durations.nanos(duration);
    return nanos > 0 ? new Sleep<>(nanos, value) : new Pause<>(value);
  }

  static AsyncGenerator<Duration> ticker(Duration period, MissedTicks missed) {
    return TickerFrame.open(period, missed);
  }

  static <T extends @Nullable Object> Async<T> waitFor(
      Awaitable<T> awaitable, @Nullable Duration limit) {
    return ExpiredWaitFrame.of(Objects.requireNonNull(awaitable, "nothing to wait for"), limit);
  }

  static <T extends @Nullable Object> Async<T> toThread(Callable<T> call) {
    return ThreadCall.withContext(Objects.requireNonNull(call, "the call is null"));
  }

  static <T extends @Nullable Object> Async<T> runInExecutor(Executor executor, Callable<T> call) {
    return new ThreadCall<>(
        Objects.requireNonNull(executor, "the executor is null"),
        Objects.requireNonNull(call, "the call is null"),
        false);
  }

  // Cancellation

  static <T extends @Nullable Object> Async<T> shield(Awaitable<T> awaitable) {
    return new ShieldFrame<>(Objects.requireNonNull(awaitable, "nothing to shield"));
  }

  static <T extends @Nullable Object> Async<T> uncancellable(Awaitable<T> awaitable) {
    return new UncancellableFrame<>(Objects.requireNonNull(awaitable, "nothing to run"));
  }

  // Several

  static <T extends @Nullable Object> Async<List<T>> gather(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return new GatherFrame.Values<>(awaitables);
  }

  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return new GatherFrame.Outcomes<>(awaitables);
  }

  static <T extends @Nullable Object> Async<List<T>> gather(
      Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
    return new GatherFrame.Values<>(awaitables, limit);
  }

  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
    return new GatherFrame.Outcomes<>(awaitables, limit);
  }

  static <T extends @Nullable Object> Async<T> race(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return new FirstFrame<>(awaitables);
  }

  static <T extends @Nullable Object> AsyncGenerator<Task<T>> asCompleted(
      Iterable<? extends Async<? extends T>> asyncs, int limit) {
    Objects.requireNonNull(asyncs, "nothing to wait for");
    int most = GatherFrame.checked(limit);
    return new SteppedGenerator<>(
        new CompletionFrame<>(() -> new StartedTasks<T>(asyncs), null, most));
  }

  static <D extends Deferred<?>> Async<Waited<D>> wait(
      Iterable<? extends D> deferreds, ReturnWhen when, @Nullable Duration limit) {
    return new WaitFrame<>(deferreds, when, limit);
  }

  static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(
      Iterable<? extends D> deferreds, @Nullable Duration limit) {
    var all = WaitFrame.<D>distinct(deferreds);
    return asCompleted(() -> all, limit);
  }

  static <T extends @Nullable Object> AsyncGenerator<Deferred<T>> asCompleted(
      List<Awaitable<T>> awaitables) {
    Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
    var all = awaitables.stream().filter(known::add).toList(); // a repeated one runs once
    return asCompleted(() -> all.stream().map(Task::ensure).toList(), null);
  }

  private static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(
      Supplier<? extends Iterable<? extends D>> source, @Nullable Duration limit) {
    return new SteppedGenerator<>(new CompletionFrame<D>(source, limit));
  }

  static <T extends @Nullable Object> Async<Race<T>> staggeredRace(
      Iterable<? extends Async<? extends T>> attempts, @Nullable Duration delay) {
    return new RaceFrame<>(attempts, delay);
  }
}
