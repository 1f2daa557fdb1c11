package io.fermata.conformance;

import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A random body, and what its caller does with it, as data: so that it can be run in two ways,
 * printed, and made smaller.
 *
 * @param body what the outermost generator executes
 * @param calls what is done to it
 */
record DelegationProgram(List<Op> body, List<Call> calls) {
  /** A statement. */
  sealed interface Op {}

  /** Yields, and notes what was sent. */
  record Yield(int value) implements Op {}

  /** Notes that it was reached. */
  record Note(int number) implements Op {}

  /** Throws. */
  record Throw(Failure failure) implements Op {}

  /** Returns from the block that a delegation stands for. */
  record Return(int value) implements Op {}

  /** Repeats. */
  record Loop(int times, List<Op> body) implements Op {}

  /** Catches what the filter lets through. */
  record Try(List<Op> body, Filter filter, List<Op> handler, List<Op> last) implements Op {}

  /** Delegates to a generator that executes a block, and notes what that returned. */
  record Delegate(Form form, List<Op> body) implements Op {}

  /** What a handler catches. */
  enum Filter {
    NOTHING,
    EXCEPTIONS,
    EVERYTHING;

    boolean catches(Throwable e) {
      return this == EVERYTHING || (this == EXCEPTIONS && e instanceof Exception);
    }
  }

  /** What is thrown or raised. */
  enum Failure {
    EXCEPTION,
    ERROR,
    STOP,
    EXIT
  }

  /** What a caller does. */
  enum Action {
    NEXT,
    SEND,
    RAISE,
    CLOSE,
    HAS_NEXT,
    ADVANCE
  }

  /** One call; the failure is what it raises, if it does. */
  record Call(Action action, Failure failure) {}

  private static final int DEPTH = 5;

  static DelegationProgram random(Random random) {
    List<Call> calls = new ArrayList<>();
    int count = 3 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      calls.add(new Call(action(random), pick(random, Failure.values())));
    }
    return new DelegationProgram(block(random, DEPTH), calls);
  }

  private static Action action(Random random) {
    int dice = random.nextInt(20);
    if (dice < 7) {
      return Action.NEXT;
    }
    if (dice < 11) {
      return Action.SEND;
    }
    return dice < 16 ? Action.RAISE : pick(random, Action.values());
  }

  private static List<Op> block(Random random, int depth) {
    List<Op> ops = new ArrayList<>();
    int count = depth == 0 ? 1 + random.nextInt(2) : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      ops.add(op(random, depth));
    }
    return ops;
  }

  private static Op op(Random random, int depth) {
    int dice = random.nextInt(depth == 0 ? 10 : 24);
    if (dice < 7) {
      return new Yield(random.nextInt(100));
    }
    if (dice == 7) {
      return new Note(random.nextInt(100));
    }
    if (dice == 8) {
      return new Throw(pick(random, Failure.values()));
    }
    if (dice == 9) {
      return new Return(random.nextInt(100));
    }
    if (dice == 10) {
      return new Loop(2, block(random, depth - 1));
    }
    if (dice < 16) {
      return new Try(
          block(random, depth - 1),
          pick(random, Filter.values()),
          block(random, depth - 1),
          random.nextBoolean() ? List.of() : block(random, depth - 1));
    }
    return new Delegate(pick(random, Form.values()), block(random, depth - 1));
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  // Shrinking

  /** Programs that are a little smaller. */
  List<DelegationProgram> smaller() {
    List<DelegationProgram> found = new ArrayList<>();
    smallerLists(calls, call -> List.of(), less -> found.add(new DelegationProgram(body, less)));
    smallerBlocks(body, less -> found.add(new DelegationProgram(less, calls)));
    return found;
  }

  private static void smallerBlocks(List<Op> block, Consumer<List<Op>> found) {
    smallerLists(block, DelegationProgram::inner, found);
    for (int i = 0; i < block.size(); i++) {
      int at = i;
      smallerOps(block.get(i), less -> found.accept(replaced(block, at, List.of(less))));
    }
  }

  private interface Inner<T> {
    List<List<T>> of(T element);
  }

  /** Leaves one element out, or puts what is in it in its place. */
  private static <T> void smallerLists(List<T> list, Inner<T> inner, Consumer<List<T>> found) {
    for (int i = 0; i < list.size(); i++) {
      found.accept(replaced(list, i, List.of()));
      for (List<T> in : inner.of(list.get(i))) {
        found.accept(replaced(list, i, in));
      }
    }
  }

  private static <T> List<T> replaced(List<T> list, int at, List<T> by) {
    List<T> result = new ArrayList<>(list.subList(0, at));
    result.addAll(by);
    result.addAll(list.subList(at + 1, list.size()));
    return result;
  }

  private static List<List<Op>> inner(Op op) {
    if (op instanceof Loop loop) {
      return List.of(loop.body);
    }
    if (op instanceof Try attempt) {
      return List.of(attempt.body, attempt.handler, attempt.last);
    }
    return op instanceof Delegate delegate ? List.of(delegate.body) : List.of();
  }

  private static void smallerOps(Op op, Consumer<Op> found) {
    if (op instanceof Loop loop) {
      smallerBlocks(loop.body, less -> found.accept(new Loop(loop.times, less)));
    } else if (op instanceof Delegate delegate) {
      if (delegate.form != Form.FRAME) {
        found.accept(new Delegate(Form.FRAME, delegate.body));
      }
      smallerBlocks(delegate.body, less -> found.accept(new Delegate(delegate.form, less)));
    } else if (op instanceof Try attempt) {
      smallerBlocks(
          attempt.body,
          less -> found.accept(new Try(less, attempt.filter, attempt.handler, attempt.last)));
      smallerBlocks(
          attempt.handler,
          less -> found.accept(new Try(attempt.body, attempt.filter, less, attempt.last)));
      smallerBlocks(
          attempt.last,
          less -> found.accept(new Try(attempt.body, attempt.filter, attempt.handler, less)));
    }
  }
}
