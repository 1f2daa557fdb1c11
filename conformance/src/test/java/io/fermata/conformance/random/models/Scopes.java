package io.fermata.conformance.random.models;

import static io.fermata.conformance.random.models.Subject.check;

import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.FailureGroup;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program of nested scopes. Its rules:
 *
 * <ul>
 *   <li>Who leaves a group leaves none of its members behind, but for what is shielded.
 *   <li>Each failure comes out of the program, in whatever wraps it, or is reported.
 *   <li>A limit cuts its body short, and not too early. So does a request to the task of the
 *       program, and a failure. What cannot be cancelled takes its time.
 *   <li>Everything ends.
 * </ul>
 *
 * @param root the whole program
 */
record Scopes(Node root) implements Checked<Scopes> {
  private static final Duration REST = Duration.ofMinutes(1);

  static Scopes of(SplittableRandom random) {
    return new Scopes(Node.random(random, 4));
  }

  @Override
  public Stream<Scopes> smaller() {
    return root.smaller().map(Scopes::new);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  @Override
  public void run(long seed) throws Exception {
    Performance performance = new Performance(root);
    try (TestLoop loop = TestLoop.seeded(seed)) {
      loop.loop().setExceptionHandler((on, failure) -> performance.heard.add(failure.exception()));
      loop.run(Async.action(performance::run));
    }
    performance.judgeFailures();
  }

  /** One run of a program. */
  private static final class Performance {
    final List<Throwable> heard = new ArrayList<>();

    private final Node root;
    private final Set<Node> active = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Throwable> thrown = new ArrayList<>();
    private @Nullable Task<Void> task;
    private @Nullable Throwable outcome;
    private @Nullable Duration end;

    /** When something happened that is to end the program; null if nothing has. */
    private @Nullable Duration doom;

    Performance(Node root) {
      this.root = root;
    }

    void run(Awaiter co) throws Exception {
      Task<Void> program = Task.start(Async.action(this::whole));
      task = program;
      co.await(Async.sleep(REST));
      check(program.done(), "the program has not ended: " + active);
      check(active.isEmpty(), "these have not ended: " + active);
      check(EventLoop.current().tasks().size() == 1, "tasks are left");
      var unused = program.cancelled() ? null : program.exception();
      if (doom != null && end != null) {
        Duration latest = doom.plusMillis(root.slowness());
        check(end.compareTo(latest) <= 0, "it was to end at " + latest + " and did at " + end);
      }
    }

    void judgeFailures() {
      Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
      collect(outcome, found);
      heard.forEach(failure -> collect(failure, found));
      for (Throwable failure : thrown) {
        check(found.contains(failure), failure + " is lost; there is " + outcome + " and " + heard);
      }
    }

    private static void collect(@Nullable Throwable failure, Set<Throwable> into) {
      if (failure == null || !into.add(failure)) {
        return;
      }
      collect(failure.getCause(), into);
      for (Throwable suppressed : failure.getSuppressed()) {
        collect(suppressed, into);
      }
      if (failure instanceof FailureGroup group) {
        group.failures().forEach(each -> collect(each, into));
      }
    }

    private void whole(Awaiter co) throws Exception {
      try {
        perform(co, root, null, false);
      } catch (Throwable failure) {
        outcome = failure;
        throw failure;
      } finally {
        end = now();
      }
    }

    private static Duration now() {
      return EventLoop.current().time();
    }

    private void doomed(boolean shielded) {
      if (!shielded && doom == null) {
        doom = now();
      }
    }

    private void perform(Awaiter co, Node node, @Nullable TaskGroup group, boolean shielded)
        throws Exception {
      active.add(node);
      try {
        act(co, node, group, shielded);
      } catch (Throwable failure) {
        if (node.cleans()) {
          cleanUp(co, failure);
        }
        throw failure;
      } finally {
        active.remove(node);
      }
    }

    private static void cleanUp(Awaiter co, Throwable why) throws Exception {
      try {
        co.await(Async.uncancellable(Async.sleep(Duration.ofMillis(1))));
      } catch (Cancelled cancelled) {
        if (cancelled != why && why instanceof Cancelled) {
          cancelled.addSuppressed(why);
          throw cancelled; // it may be a request, and the other one not
        }
      }
    }

    private void act(Awaiter co, Node node, @Nullable TaskGroup group, boolean shielded)
        throws Exception {
      switch (node.kind()) {
        case SLEEP -> co.await(Async.sleep(Duration.ofMillis(node.number())));
        case FAIL -> fail(shielded);
        case GROUP -> group(co, node, shielded);
        case LIMIT -> limit(co, node, group, shielded);
        case SHIELD ->
            co.await(Async.shield(Async.action(in -> sequence(in, node.body(), null, true))));
        case UNCANCELLABLE ->
            co.await(
                Async.uncancellable(
                    Async.action(in -> sequence(in, node.body(), group, shielded))));
        case CANCEL_GROUP -> {
          if (group != null) {
            group.cancel("by a part");
          }
        }
        default -> request();
      }
    }

    private void sequence(Awaiter co, List<Node> nodes, @Nullable TaskGroup group, boolean shielded)
        throws Exception {
      for (Node node : nodes) {
        perform(co, node, group, shielded);
      }
    }

    private void fail(boolean shielded) {
      IllegalStateException failure = new IllegalStateException("failure " + thrown.size());
      thrown.add(failure);
      doomed(shielded);
      throw failure;
    }

    private void request() {
      Task<Void> program = task;
      if (program != null && program.cancel("by a part")) {
        doomed(false);
      }
    }

    private void group(Awaiter co, Node node, boolean shielded) throws Exception {
      try {
        co.await(
            TaskGroup.action(
                (in, own) -> {
                  for (Node member : node.members()) {
                    own.start(Async.action(it -> perform(it, member, own, shielded)));
                  }
                  sequence(in, node.body(), own, shielded);
                }));
      } finally {
        check(!isActiveBelow(node), "a group is left before its members: " + active);
      }
    }

    /** Whether something in a group still runs, but for what is shielded. */
    private boolean isActiveBelow(Node node) {
      return Stream.concat(node.body().stream(), node.members().stream())
          .anyMatch(
              part ->
                  active.contains(part) || part.kind() != Node.Kind.SHIELD && isActiveBelow(part));
    }

    private void limit(Awaiter co, Node node, @Nullable TaskGroup group, boolean shielded)
        throws Exception {
      Duration deadline = now().plusMillis(node.number());
      try {
        co.await(
            Timeout.action(
                Duration.ofMillis(node.number()),
                (in, timeout) -> sequence(in, node.body(), group, shielded)));
      } catch (TimeoutException late) {
        check(now().compareTo(deadline) >= 0, "a limit is early, at " + now());
        doomed(shielded);
        throw late;
      } finally {
        Duration latest = deadline.plusMillis(node.slowness());
        check(now().compareTo(latest) <= 0, "a limit is late, at " + now() + " not " + latest);
      }
    }
  }
}
