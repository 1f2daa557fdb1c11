package io.fermata.internal.loop;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of a loop: a few for blocking calls, and one for each future that only blocks.
 *
 * <p>The loop's thread makes them when they are needed. They are daemons, and end with the loop. At
 * its end the loop waits for calls that are under way, as Python does: after a while it says which,
 * and after its limit it leaves them.
 *
 * <p>Calls are made by {@link Calls}: those of the loop, and those that a program opens with a
 * limit of its own. All of them end with the loop.
 */
public final class Workers {
  /** The size of Python's default executor. */
  private static final int SIZE = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);

  private static final long IDLE_SECONDS = 10;

  /** After so long the loop says what it waits for. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /** That of Python. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** So many lines of the stack of a call are shown. */
  private static final int LINES = 12;

  /** The threads of the loop; null before the first call. */
  private @Nullable Calls calls;

  /** All that were opened and may have threads. Belongs to the loop's thread. */
  private final List<Calls> opened = new ArrayList<>(1);

  private @Nullable ThreadPoolExecutor waits;
  private final CompletableFuture<@Nullable Void> callsEnd = new CompletableFuture<>();

  /** The calls that are under way. Any thread. */
  private final Set<Call> begun = ConcurrentHashMap.newKeySet();

  /** How long the end of the loop waits for calls; null for ever. */
  private volatile @Nullable Duration limit = LIMIT;

  private static final ThreadFactory THREADS =
      job -> {
        Thread thread = new Thread(job, "fermata worker");
        thread.setDaemon(true);
        return thread;
      };

  /** A call that a worker makes. */
  public final class Call implements Runnable {
    private final Runnable job;

    /** Tells, on the loop's thread, that it is never made. */
    private final Runnable refusal;

    private volatile @Nullable Thread thread;

    private Call(Runnable job, Runnable refusal) {
      this.job = job;
      this.refusal = refusal;
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      begun.add(this);
      try {
        job.run();
      } finally {
        begun.remove(this);
      }
    }

    /** Where it is. */
    private String text() {
      Thread runner = thread;
      if (runner == null) {
        return "";
      }
      String lines =
          Arrays.stream(runner.getStackTrace())
              .takeWhile(line -> !line.getClassName().equals(Call.class.getName()))
              .limit(LINES)
              .map(line -> "\n    at " + line)
              .collect(Collectors.joining());
      return "\n  " + runner + lines;
    }
  }

  /** Threads for calls that may block, so many at most. */
  public final class Calls {
    private final ThreadPoolExecutor pool;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    private Calls(int most) {
      pool =
          new ThreadPoolExecutor(
              most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), THREADS) {
            @Override
            protected void terminated() {
              end.complete(null);
            }
          };
      pool.allowCoreThreadTimeOut(true);
      opened.removeIf(each -> each.end.isDone());
      opened.add(this);
    }

    /** Has a thread make a call; or tells that it is never made, as the threads were closed. */
    public Call call(Runnable job, Runnable refusal) {
      Call call = new Call(job, refusal);
      pool.execute(call);
      return call;
    }

    /** Takes a call out that nobody waits for, if it has not begun. */
    public void drop(Call call) {
      pool.remove(call);
    }

    /** Lets no more begin. Those under way go on, and the end of the loop waits for them. */
    public void close() {
      List<Runnable> waiting = new ArrayList<>();
      pool.getQueue().drainTo(waiting);
      pool.shutdown();
      waiting.forEach(each -> ((Call) each).refusal.run());
    }

    private boolean isBusy() {
      return pool.getActiveCount() > 0 || !pool.getQueue().isEmpty();
    }
  }

  /** The threads of the loop. */
  public Calls calls() {
    if (calls == null) {
      calls = new Calls(SIZE);
    }
    return calls;
  }

  /** Threads that end with the loop, or before. */
  public Calls open(int most) {
    return new Calls(most);
  }

  /** Has a thread wait for a future. */
  void waitFor(Future<?> future, Runnable done) {
    if (waits == null) {
      waits =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              THREADS);
    }
    waits.execute(
        () -> {
          try {
            future.get();
          } catch (InterruptedException shutDown) {
            return;
          } catch (Exception ended) {
            // whoever copies the outcome sees it
          }
          done.run();
        });
  }

  /** Has a job run on a thread that keeps the JVM from ending before it. */
  public static void keepJvmFor(Runnable job) {
    Thread thread = new Thread(job, "fermata termination");
    thread.setDaemon(false);
    thread.start();
  }

  /** Sets how long the end of the loop waits for calls that are under way; null for ever. */
  public void setLimit(@Nullable Duration limit) {
    this.limit = limit;
  }

  /** Whether a call is under way, or waits for a thread. */
  public boolean isBusy() {
    return opened.stream().anyMatch(Calls::isBusy);
  }

  /** Waits for calls that are under way; drops those that wait for futures. */
  void close() throws InterruptedException {
    CompletableFuture<@Nullable Void> end = shutdown();
    try {
      end.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As {@link #close}, but only tells when the calls have returned, or are left. */
  public CompletableFuture<@Nullable Void> shutdown() {
    if (waits != null) {
      waits.shutdownNow();
    }
    opened.forEach(each -> each.pool.shutdown());
    var ends = opened.stream().map(each -> each.end).toArray(CompletableFuture<?>[]::new);
    var unused = CompletableFuture.allOf(ends).thenRun(() -> callsEnd.complete(null));
    if (!callsEnd.isDone()) {
      Duration wait = limit;
      boolean isShort = wait != null && wait.compareTo(SILENCE) <= 0;
      if (!isShort) {
        after(SILENCE, () -> say("the loop ends when these calls on other threads have returned:"));
      }
      if (wait != null) {
        after(wait, this::leaveCalls);
      }
    }
    return callsEnd;
  }

  private void after(Duration delay, Runnable action) {
    var unused =
        callsEnd
            .copy()
            .orTimeout(Math.max(0, Durations.nanos(delay)), TimeUnit.NANOSECONDS)
            .exceptionally(
                tooLong -> {
                  action.run();
                  return null;
                });
  }

  private void leaveCalls() {
    say("the loop has waited for " + limit + " and ends without these calls on other threads:");
    callsEnd.complete(null);
  }

  private void say(String what) {
    String calls = begun.stream().map(Call::text).collect(Collectors.joining());
    if (!callsEnd.isDone()) {
      System.getLogger("io.fermata.async").log(Level.WARNING, what + calls);
    }
  }
}
