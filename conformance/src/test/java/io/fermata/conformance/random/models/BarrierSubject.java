package io.fermata.conformance.random.models;

import io.fermata.async.AsyncBarrier;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A barrier. Each generation has as many places as parties, each is given once, and all of its
 * tasks were there before the first one goes on.
 */
final class BarrierSubject extends Subject {
  static final List<String> ACTS = List.of("arrive");

  private final int parties;
  private final AsyncBarrier barrier;

  /** Those who wait, each a key of its own. */
  private final Set<Object> waiting = new HashSet<>();

  /** The most that have waited at a time since the last generation began to go on. */
  private int most;

  /** Who was there when the last generation began to go on. */
  private Set<Object> there = Set.of();

  /** The places of the last generation. */
  private final Set<Integer> given = new HashSet<>();

  BarrierSubject(int parties) {
    this.parties = parties;
    barrier = AsyncBarrier.of(parties);
  }

  @Override
  void perform(Awaiter co, int who, Act act) throws Exception {
    Object key = new Object();
    waiting.add(key);
    most = Math.max(most, waiting.size());
    int place;
    try {
      place = co.await(barrier.arrive());
    } catch (Cancelled cancelled) {
      waiting.remove(key);
      throw cancelled;
    }
    check(place >= 0 && place < parties, "there is no place " + place);
    if (!there.contains(key) || given.contains(place)) {
      check(most >= parties, most + " have waited, and one goes on");
      there = Set.copyOf(waiting);
      given.clear();
      most = waiting.size();
    }
    given.add(place);
    waiting.remove(key);
  }

  @Override
  void atRest(List<Stuck> stuck) {
    check(stuck.size() < parties, stuck + " are enough to go on");
    check(barrier.waiting() == stuck.size(), barrier + " does not know " + stuck);
    check(!barrier.broken(), "it is broken");
  }
}
