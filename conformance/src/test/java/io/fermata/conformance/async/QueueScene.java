package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Task;
import java.util.ArrayList;
import java.util.List;

/** Tasks that get from queues and put into them. */
abstract class QueueScene extends AsyncTest {
  final Task<Void> getter(AsyncQueue<Integer> from, String name) {
    return Task.start(
        Async.action(
            co -> {
              int got = co.await(from.get());
              log.add(name + got);
            }));
  }

  final Task<Void> putter(AsyncQueue<Integer> to, int item) {
    return Task.start(
        Async.action(
            co -> {
              co.await(to.put(item));
              log.add(item);
            }));
  }

  static <T> List<T> drained(AsyncQueue<T> from) {
    List<T> items = new ArrayList<>();
    while (!from.isEmpty()) {
      items.add(from.getNowait());
    }
    return items;
  }
}
