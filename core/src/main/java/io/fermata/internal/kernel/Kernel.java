package io.fermata.internal.kernel;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The heart of a loop: it runs ready jobs, in rounds. It knows no task, lock or socket.
 *
 * <p>It belongs to the thread that runs the loop. Other threads use its {@link Inbox}.
 *
 * <p><b>Guarantee.</b> Jobs run in the order in which they became ready. A job that becomes ready
 * in a round runs in the next one. Timers run in the order of their times, and of scheduling where
 * the times are equal. The order depends on the clock and the host only, so a run repeats if they
 * do.
 *
 * <pre>
 * a round:  if nothing is ready, wait on the host for the next deadline or a wake-up
 *           drain the inbox into the ring
 *           make due timers ready, behind the jobs of the inbox
 *           run the jobs that are ready now
 * </pre>
 *
 * <p><b>Structure.</b> The ready jobs are a ring of {@link Runnable}s. A task is one itself, so
 * that a switch allocates nothing. The clock is read once per round, and only if there are timers.
 *
 * <p><b>Protocol.</b> A job must not throw, except to end the run; then the rest stays ready for
 * the next run. Between the rounds of a guest the kernel {@linkplain #rest rests}: a job that
 * becomes ready wakes the host.
 *
 * <p><b>Rejected.</b> Running jobs until none is ready: a job that makes others ready would starve
 * timers and sockets. A linked queue: it allocates at each switch.
 */
public final class Kernel {
  /** {@link #waitsUntil}: it does not wait. */
  public static final long AWAKE = Long.MIN_VALUE;

  private final Host host;
  private final Clock clock;
  private final @Nullable Order order;
  private final BooleanSupplier inLoop;
  private final Timers timers = new Timers();
  private final Inbox inbox;

  /** A power of two long, so that places wrap by a mask; never full. */
  private @Nullable Runnable[] ring = new Runnable[64];

  private int head;
  private int tail;

  /** The ring while a guest {@linkplain #rest rests}; else null. */
  private @Nullable Runnable @Nullable [] resting;

  /** Of {@link #choose}; null before its first choice. */
  private @Nullable SplittableRandom random;

  /** Whether a round has more to do than to run what is ready. */
  private final boolean attentive;

  /** Looks on at jobs; null if nobody does. Looked at once per round. */
  private @Nullable Probe probe;

  /** Looks on at rounds; null if nobody does. */
  private @Nullable RoundProbe roundProbe;

  /** Odd while a round runs what is ready; goes up in each round. See {@link #step}. */
  private int beat;

  /** Until when it waits on the host. */
  private long waitsUntil = AWAKE;

  /**
   * A kernel with nothing to do.
   *
   * @param environment where it waits, and what its timers go by
   * @param inLoop whether the current thread may touch what belongs to the loop
   */
  public Kernel(LoopEnvironment environment, BooleanSupplier inLoop) {
    this.inLoop = inLoop;
    host = environment.host();
    clock = environment.clock();
    order = environment.order();
    inbox = new Inbox(host);
    attentive = order != null || host.polls();
  }

  /** Where it waits. */
  public Host host() {
    return host;
  }

  /** Whether the current thread may touch what belongs to the loop. */
  public boolean inLoop() {
    return inLoop.getAsBoolean();
  }

  /** The time. */
  public long now() {
    return clock.nanos();
  }

  /** Has a job run in the next round. */
  public void ready(Runnable job) {
    assert inLoop() : "outside of the loop";
    int at = tail;
    ring[at] = job;
    int next = (at + 1) & (ring.length - 1);
    tail = next;
    if (next == head) {
      grow();
    }
  }

  /** For other threads. */
  public Inbox inbox() {
    return inbox;
  }

  /** Has a timer become ready at a time. */
  public void schedule(Timer timer, long when) {
    assert inLoop() : "outside of the loop";
    timers.add(timer, when);
    if (resting != null) {
      host.wake();
    }
  }

  /** Takes a timer back; does nothing if it is not scheduled any more. */
  public void cancel(Timer timer) {
    assert inLoop() : "outside of the loop";
    timers.remove(timer);
  }

  /**
   * One round.
   *
   * @param mayWait whether to wait if nothing is ready
   */
  public void round(boolean mayWait) {
    assert inLoop() : "outside of the loop";
    if (mayWait && isIdle()) {
      sleep(deadline());
    }
    // Posted jobs before timers: a timer that is due runs behind what came earlier.
    if (!inbox.isEmpty()) {
      inbox.drainTo(this);
    }
    if (timers.first() != null) {
      expire();
    }
    if (attentive) {
      attend();
    }
    // Odd while jobs run; the watch thread compares it between two looks.
    beat = (beat + 1) | 1;
    Probe observer = probe;
    // The count is taken once: jobs that become ready now wait for the next round.
    for (int left = (tail - head) & (ring.length - 1); left > 0; left--) {
      int at = head;
      Runnable job = Objects.requireNonNull(ring[at]);
      ring[at] = null;
      head = (at + 1) & (ring.length - 1);
      if (observer == null) {
        job.run();
      } else {
        observer.run(job);
      }
    }
    beat++;
    if (roundProbe != null) {
      roundProbe.roundEnded();
    }
  }

  private void sleep(long deadline) {
    waitsUntil = deadline;
    RoundProbe observer = roundProbe;
    if (observer == null) {
      host.sleep(deadline);
    } else {
      observer.sleep(host, deadline);
    }
    waitsUntil = AWAKE;
  }

  /** Runs a job at once, within another one. */
  public void runNow(Runnable job) {
    Probe observer = probe;
    if (observer == null) {
      job.run();
    } else {
      observer.run(job);
    }
  }

  // Looking

  /**
   * Has somebody look on.
   *
   * @param jobs is shown them, from the next round on; null: nobody is
   * @param rounds is shown them; null: nobody is
   */
  public void observe(@Nullable Probe jobs, @Nullable RoundProbe rounds) {
    assert inLoop() : "outside of the loop";
    probe = jobs;
    roundProbe = rounds;
  }

  /**
   * Names the job that runs: as long as the same one does, this gives the same number. May be
   * called on any thread, without a promise of how fresh it is.
   *
   * @return the number; negative if no job runs
   */
  public long step() {
    int now = beat;
    return (now & 1) == 0 ? -1 : ((now & 0x7fff_ffffL) << 32) + head;
  }

  /**
   * Until when it waits on the host, or a guest rests. May be called on any thread, without a
   * promise of how fresh it is.
   *
   * @return the deadline, as in {@link Host#sleep}; {@link #AWAKE} if it does not wait
   */
  public long waitsUntil() {
    return waitsUntil;
  }

  /** Shows all jobs that are ready, in their order. */
  public void forEachReady(Consumer<? super Runnable> action) {
    for (int at = head; at != tail; at = (at + 1) & (ring.length - 1)) {
      action.accept(Objects.requireNonNull(ring[at]));
    }
  }

  /** Counts the rounds; odd while one runs what is ready. As {@link #step}, on any thread. */
  public int beat() {
    return beat;
  }

  /** Whether nothing but another thread, or what happens outside, makes a job ready. */
  public boolean isQuiet() {
    return isIdle() && timers.first() == null;
  }

  /** Whether nothing is ready or posted. */
  public boolean isIdle() {
    return head == tail && inbox.isEmpty();
  }

  /** When the next timer is due; {@link Long#MAX_VALUE} if there is none. */
  public long deadline() {
    Timer first = timers.first();
    return first == null ? Long.MAX_VALUE : first.when;
  }

  /**
   * Between the rounds of a guest, and before the first: from here on the host is woken if
   * something becomes ready or is scheduled, until {@link #rise}.
   *
   * <p>The ring makes way for one that the first job fills, so that it takes the way of growth, and
   * {@link #ready} need not ask who it works for.
   *
   * @return false if there is something to do already, and it does not rest
   */
  public boolean rest() {
    if (!isIdle()) {
      return false;
    }
    // A ring of length one is full with its first job, so ready() calls grow(), which wakes the
    // host.
    assert resting == null : "it rests already";
    resting = ring;
    ring = new Runnable[1];
    head = 0;
    tail = 0;
    waitsUntil = deadline();
    return true;
  }

  /** Ends a {@link #rest}, if there is one. */
  public void rise() {
    @Nullable Runnable[] rested = resting;
    if (rested != null) {
      resting = null;
      ring = rested;
      waitsUntil = AWAKE;
    }
  }

  private void attend() {
    if (host.polls()) {
      host.poll();
    }
    if (order != null) {
      arrange(order);
    }
  }

  /**
   * Chooses one of several: by the seed of a test's loop, always the same on its clock without a
   * seed, else at random.
   *
   * @param candidates how many there are, at least one
   * @return a number from 0 to {@code candidates - 1}
   */
  public int choose(int candidates) {
    if (order != null) {
      return order.choose(candidates);
    }
    SplittableRandom known = random;
    if (known == null) {
      known = clock == Clock.SYSTEM ? new SplittableRandom() : new SplittableRandom(0);
      random = known;
    }
    return known.nextInt(candidates);
  }

  /** Puts what is ready into another order. */
  private void arrange(Order by) {
    int mask = ring.length - 1;
    for (int left = (tail - head) & mask, at = head; left > 1; left--, at = (at + 1) & mask) {
      // Fisher and Yates, with the choices of the order.
      int chosen = (at + by.choose(left)) & mask;
      Runnable job = ring[chosen];
      ring[chosen] = ring[at];
      ring[at] = job;
    }
  }

  private void expire() {
    long now = clock.nanos();
    for (Timer first = timers.first();
        first != null && first.when - now <= 0;
        first = timers.first()) {
      timers.remove(first);
      ready(first);
    }
  }

  /**
   * Forgets everything that is ready, scheduled or posted.
   *
   * @param dropped is told of each job that it forgets
   */
  public void clear(Consumer<Runnable> dropped) {
    for (Timer first = timers.first(); first != null; first = timers.first()) {
      timers.remove(first);
      dropped.accept(first);
    }
    inbox.drainTo(this);
    while (head != tail) {
      dropped.accept(Objects.requireNonNull(ring[head]));
      ring[head] = null;
      head = (head + 1) & (ring.length - 1);
    }
  }

  private void grow() {
    if (resting != null) {
      Runnable first = Objects.requireNonNull(ring[0]);
      rise();
      ring[0] = first;
      tail = 1;
      host.wake();
      return;
    }
    int size = ring.length;
    @Nullable Runnable[] larger = new Runnable[size * 2];
    // Straighten the ring: from head to the end of the array, then the part that had wrapped.
    System.arraycopy(ring, head, larger, 0, size - head);
    System.arraycopy(ring, 0, larger, size - head, head);
    ring = larger;
    head = 0;
    tail = size;
  }
}
