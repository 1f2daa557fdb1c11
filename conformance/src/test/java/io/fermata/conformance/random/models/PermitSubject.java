package io.fermata.conformance.random.models;

import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A lock or semaphore.
 *
 * <p>Who asks first gets first, if it is not cancelled. The one exception: those whose turn has
 * come may run in any order, but there are no more of them than permits.
 */
final class PermitSubject extends Subject {
  static final List<String> ACTS = List.of("hold", "hold", "hold", "touch");

  /** One request for a permit. */
  private static final class Ask {
    boolean over;
    boolean got;

    /** Whether it need not wait. */
    boolean atOnce;

    /** How many permits are held when this one is got, it included. */
    int holders;

    /** The requests from before that had neither got nor left then. */
    List<Ask> before = List.of();
  }

  private final int permits;
  private final Supplier<Async<Permit>> acquire;
  private final Runnable release;
  private final List<Ask> asks = new ArrayList<>();
  private int holders;

  /** Counts what can end a wait: releases, and waits that are cut short. */
  private int turns;

  private PermitSubject(int permits, Supplier<Async<Permit>> acquire, Runnable release) {
    this.permits = permits;
    this.acquire = acquire;
    this.release = release;
  }

  static PermitSubject lock() {
    AsyncLock lock = AsyncLock.open();
    return new PermitSubject(1, lock::acquire, lock::release);
  }

  static PermitSubject semaphore(int permits) {
    AsyncSemaphore semaphore = AsyncSemaphore.bounded(permits);
    return new PermitSubject(permits, semaphore::acquire, semaphore::release);
  }

  @Override
  void perform(Awaiter co, int who, Act act) throws Exception {
    Ask ask = new Ask();
    asks.add(ask);
    int before = turns;
    try {
      co.await(acquire.get());
    } catch (Cancelled cancelled) {
      turns++;
      throw cancelled;
    } finally {
      ask.over = true;
    }
    ask.got = true;
    ask.atOnce = turns == before;
    got(ask);
    try {
      if (act.what().equals("hold")) {
        co.await(Async.sleep(Duration.ofMillis(act.number())));
      }
    } finally {
      holders--;
      turns++;
      release.run();
    }
  }

  private void got(Ask ask) {
    holders++;
    check(holders <= permits, holders + " hold one of " + permits + " permits");
    ask.holders = holders;
    ask.before =
        asks.subList(0, asks.indexOf(ask)).stream().filter(earlier -> !earlier.over).toList();
  }

  @Override
  void atRest(List<Stuck> stuck) {
    check(stuck.isEmpty(), "for ever: " + stuck);
    check(holders == 0, holders + " permits are held by nobody");
    for (Ask ask : asks) {
      long overtaken = ask.before.stream().filter(earlier -> earlier.got).count();
      check(overtaken == 0 || !ask.atOnce, overtaken + " were overtaken by a newcomer");
      check(ask.holders + overtaken <= permits, overtaken + " were overtaken without a permit");
    }
  }

  @Override
  void atEnd(Awaiter co) throws Exception {
    for (int i = 0; i < permits; i++) {
      co.await(Async.waitFor(acquire.get(), Duration.ofSeconds(1)));
    }
    for (int i = 0; i < permits; i++) {
      release.run();
    }
  }
}
