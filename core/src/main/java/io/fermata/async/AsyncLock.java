package io.fermata.async;

/**
 * A lock that one task holds at a time, for what must stay true across its awaits. Python: {@code
 * asyncio.Lock}.
 *
 * <pre>{@code
 * AsyncLock lock = AsyncLock.open();
 * try (Permit held = co.await(lock.acquire())) {
 *   int seen = counter;
 *   co.await(store(seen + 1));                          // others run, but none that wants the lock
 *   counter = seen + 1;
 * }
 * }</pre>
 *
 * <p>Between two awaits a task needs no lock: nobody else runs. To let several in, use an {@link
 * AsyncSemaphore}; to wait for something that others bring about, an {@link AsyncCondition}.
 *
 * <p><b>Order.</b> Those who wait get it in the order in which they came, one for each release.
 * When it is released and somebody waits, it is free until that task runs, in the next round, but
 * nobody can overtake: whoever asks meanwhile, even the one that released it, waits behind the
 * others. It is not re-entrant: a task that acquires it twice waits for itself.
 *
 * <p><b>Cancellation.</b> An {@code acquire()} that is cancelled does not hold the lock. If it was
 * its turn already, the turn passes to the next one; no release gets lost.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first task that has to wait binds it to its loop,
 * and a wait in another loop is refused. It does nothing for threads.
 *
 * <p><b>Cost.</b> An {@code acquire()} is one small object, which also is its place in the line and
 * the {@link Permit}. A free lock is passed without giving up the turn.
 *
 * <p><b>Differences from Python.</b> {@code acquire()} gives a {@link Permit} instead of true;
 * {@code async with} is try-with-resources.
 */
public sealed interface AsyncLock permits AsyncCondition, FairLock {
  /**
   * A lock, free. It need not be made in a loop.
   *
   * @return a new lock
   */
  static AsyncLock open() {
    return new FairLock();
  }

  /**
   * Waits until it is free and nobody has come before, and takes it. Cancelled, it has not taken
   * it.
   *
   * @return gives what releases it
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this lock
   */
  Async<Permit> acquire();

  /**
   * Frees it, and has the first one that waits take it in the next round. Any task may do so, and
   * callbacks.
   *
   * @throws IllegalStateException if it is not held
   */
  void release();

  /**
   * Whether a task holds it. It is not held between a release and the step of the one that waited,
   * although nobody else can have it then.
   *
   * @return true if it is held
   */
  boolean locked();
}
