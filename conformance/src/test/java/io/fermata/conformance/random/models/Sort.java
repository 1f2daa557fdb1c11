package io.fermata.conformance.random.models;

import java.util.List;
import java.util.function.Supplier;

/** What programs share: how it is made, and what can be done with it. */
enum Sort {
  FIFO(QueueSubject.ACTS, () -> new QueueSubject(QueueSubject.Kind.FIFO, 0)),
  BOUNDED_FIFO(QueueSubject.ACTS, () -> new QueueSubject(QueueSubject.Kind.FIFO, 2)),
  BOUNDED_LIFO(QueueSubject.ACTS, () -> new QueueSubject(QueueSubject.Kind.LIFO, 1)),
  BOUNDED_PRIORITY(QueueSubject.ACTS, () -> new QueueSubject(QueueSubject.Kind.PRIORITY, 2)),
  LOCK(PermitSubject.ACTS, PermitSubject::lock),
  SEMAPHORE(PermitSubject.ACTS, () -> PermitSubject.semaphore(2)),
  CONDITION(ConditionSubject.ACTS, ConditionSubject::new),
  BARRIER(BarrierSubject.ACTS, () -> new BarrierSubject(3));

  final List<String> acts;
  final Supplier<Subject> subject;

  Sort(List<String> acts, Supplier<Subject> subject) {
    this.acts = acts;
    this.subject = subject;
  }
}
