package io.fermata.conformance.random.models;

import io.fermata.async.Async;
import io.fermata.async.AsyncCondition;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A condition. Who comes out of a wait holds the lock, however the wait ends. While somebody waits
 * no signal is lost: each ends a wait that is not cancelled.
 */
final class ConditionSubject extends Subject {
  static final List<String> ACTS = List.of("wait", "wait", "wait", "signal", "signalAll", "hold");

  private static final int NOBODY = -1;
  private static final int MANY = 1000;

  /** One wait for a signal: how many signals and ended waits there were before. */
  private record Wait(long signals, long returns) {}

  private final AsyncCondition condition = AsyncCondition.open();
  private final List<Wait> waiting = new ArrayList<>();
  private int owner = NOBODY;

  /** Each counts for as many waits as it may end. */
  private long signals;

  /** Waits that have ended by a signal. */
  private long returns;

  /** Waits that have no signal yet; exact while none is cut short. */
  private int unsignalled;

  private boolean cutShort;

  @Override
  void perform(Awaiter co, int who, Act act) throws Exception {
    co.await(condition.acquire());
    take(who);
    try {
      switch (act.what()) {
        case "wait" -> await(co, who);
        case "signal" -> signal(1 + act.number() % 3);
        case "signalAll" -> signalAll();
        default -> co.await(Async.sleep(Duration.ofMillis(act.number())));
      }
    } finally {
      check(owner == who, who + " comes out without the lock, which " + owner + " has");
      owner = NOBODY;
      condition.release();
    }
  }

  private void take(int who) {
    check(owner == NOBODY, owner + " and " + who + " have the lock");
    owner = who;
  }

  private void await(Awaiter co, int who) throws Exception {
    Wait wait = new Wait(signals, returns);
    waiting.add(wait);
    unsignalled++;
    owner = NOBODY;
    try {
      co.await(condition.signalled());
      returns++;
    } catch (Cancelled cancelled) {
      cutShort = true;
      throw cancelled;
    } finally {
      waiting.removeIf(each -> each == wait);
      take(who);
    }
  }

  private void signal(int most) {
    signals += most;
    unsignalled -= Math.min(most, unsignalled);
    condition.signal(most);
  }

  private void signalAll() {
    signals += MANY;
    unsignalled = 0;
    condition.signalAll();
  }

  @Override
  void atRest(List<Stuck> stuck) {
    check(
        stuck.stream().allMatch(each -> each.act().what().equals("wait")),
        "for ever, without a reason: " + stuck);
    check(owner == NOBODY, owner + " has the lock for ever");
    check(waiting.size() == stuck.size(), stuck + " have signals, and wait for ever");
    for (Wait wait : waiting) {
      long given = signals - wait.signals;
      long ended = returns - wait.returns;
      check(given <= ended, given + " signals have ended " + ended + " waits, and not " + stuck);
    }
    check(returns <= signals, returns + " waits have ended after " + signals + " signals");
    if (!cutShort) {
      check(waiting.size() == unsignalled, unsignalled + " are to wait, not " + stuck);
    }
  }
}
