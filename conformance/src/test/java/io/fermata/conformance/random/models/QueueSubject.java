package io.fermata.conformance.random.models;

import io.fermata.async.AsyncQueue;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.QueueShutDown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A queue. A put or get takes effect in the step in which its await returns, so the model follows
 * exactly.
 */
final class QueueSubject extends Subject {
  /** The kinds of queues. */
  enum Kind {
    FIFO,
    LIFO,
    PRIORITY
  }

  static final List<String> ACTS =
      List.of("put", "put", "put", "get", "get", "get", "putNow", "getNow", "done", "join", "shut");

  private final Kind kind;
  private final int bound;
  private final AsyncQueue<Integer> queue;
  private final Collection<Integer> model;
  private boolean shut;
  private int unfinished;
  private int timesFinished;
  private int made;

  QueueSubject(Kind kind, int bound) {
    this.kind = kind;
    this.bound = bound;
    switch (kind) {
      case FIFO -> {
        queue = AsyncQueue.fifo(bound);
        model = new ArrayDeque<>();
      }
      case LIFO -> {
        queue = AsyncQueue.lifo(bound);
        model = new ArrayDeque<>();
      }
      default -> {
        queue = AsyncQueue.priority(Comparator.<Integer>naturalOrder(), bound);
        model = new PriorityQueue<>();
      }
    }
  }

  private boolean full() {
    return bound > 0 && model.size() >= bound;
  }

  @SuppressWarnings("unchecked")
  private Integer polled() {
    return kind == Kind.LIFO
        ? ((Deque<Integer>) model).pollLast()
        : ((Queue<Integer>) model).poll();
  }

  /** A number that no other item has; of any priority. */
  private int newItem(int number) {
    return number * 1000 + made++;
  }

  private void hasPut(int item) {
    check(!full(), "put " + item + " into a full queue: " + model);
    model.add(item);
    unfinished++;
  }

  private void hasGot(Integer item) {
    Integer expected = polled();
    check(item.equals(expected), "got " + item + " instead of " + expected);
  }

  @Override
  void perform(Awaiter co, int who, Act act) throws Exception {
    check(queue.size() == model.size(), queue + " has not the size of " + model);
    switch (act.what()) {
      case "put" -> put(co, newItem(act.number()));
      case "get" -> get(co);
      case "putNow" -> putNow(newItem(act.number()));
      case "getNow" -> getNow();
      case "done" -> done();
      case "join" -> join(co);
      case "shut" -> shut(act.number());
      default -> throw new IllegalArgumentException(act.what());
    }
  }

  private void put(Awaiter co, int item) throws Exception {
    try {
      co.await(queue.put(item));
      hasPut(item);
    } catch (QueueShutDown refused) {
      check(shut, "an open queue refuses an item");
    }
  }

  private void get(Awaiter co) throws Exception {
    try {
      hasGot(co.await(queue.get()));
    } catch (QueueShutDown refused) {
      check(shut && model.isEmpty(), "a queue with items refuses to give one");
    }
  }

  private void putNow(int item) {
    try {
      queue.putNowait(item);
      hasPut(item);
    } catch (QueueShutDown refused) {
      check(shut, "an open queue refuses an item");
    } catch (IllegalStateException refused) {
      check(full(), "a queue with room refuses an item");
    }
  }

  private void getNow() {
    try {
      hasGot(queue.getNowait());
    } catch (QueueShutDown refused) {
      check(shut && model.isEmpty(), "a queue with items refuses to give one");
    } catch (NoSuchElementException refused) {
      check(model.isEmpty(), "a queue with items says that it is empty");
    }
  }

  private void done() {
    try {
      queue.taskDone();
      check(unfinished > 0, "one item too many is done");
      finished(1);
    } catch (IllegalStateException refused) {
      check(unfinished == 0, "an item cannot be done");
    }
  }

  private void finished(int items) {
    unfinished -= items;
    if (unfinished == 0) {
      timesFinished++;
    }
  }

  private void join(Awaiter co) throws Exception {
    int before = timesFinished;
    co.await(queue.join());
    check(unfinished == 0 || timesFinished > before, "join() ends before all is done");
  }

  /** Rarely, or there would be nothing else to see. */
  private void shut(int number) {
    if (number == 0) {
      queue.shutdown();
      shut = true;
    } else if (number == 1) {
      queue.shutdownNow();
      shut = true;
      int dropped = Math.min(model.size(), unfinished); // some may be done before they are got
      model.clear();
      if (dropped > 0) {
        finished(dropped);
      }
    }
  }

  @Override
  void atRest(List<Stuck> stuck) {
    for (Stuck each : stuck) {
      switch (each.act().what()) {
        case "put" -> check(full() && !shut, each + " although there is room: " + model);
        case "get" -> check(model.isEmpty() && !shut, each + " although there is an item");
        case "join" -> check(unfinished > 0, each + " although all is done");
        default -> check(false, each + " for no reason");
      }
    }
  }

  @Override
  void atEnd(Awaiter co) throws Cancelled {
    List<Integer> left = new ArrayList<>();
    while (!queue.isEmpty()) {
      hasGot(queue.getNowait());
      left.add(0);
    }
    check(model.isEmpty(), "lost: " + model + " behind " + left.size() + " others");
  }
}
