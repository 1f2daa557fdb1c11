package io.fermata.internal.flow;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.ScopeBody;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.ClosingFrame;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operators that take their steps in the caller's task: what each does with a value. */
public final class StepOperators {
  private StepOperators() {}

  /** {@code map}. */
  public static final class Mapping<Y extends @Nullable Object, R extends @Nullable Object>
      extends StepFrame<Y, R> {
    private final Function<? super Y, ? extends R> function;

    public Mapping(AsyncGenerator<Y> source, Function<? super Y, ? extends R> function) {
      super("map", source);
      this.function = function;
    }

    @Override
    int took(int source, Y taken) {
      return yielding(function.apply(taken));
    }
  }

  /** {@code mapAwait}. */
  public static final class AwaitingMapping<Y extends @Nullable Object, R extends @Nullable Object>
      extends StepFrame<Y, R> {
    private final MethodHandles.@Nullable Lookup lookup;
    private final ScopeBody<Y, R> body;

    public AwaitingMapping(
        AsyncGenerator<Y> source, MethodHandles.@Nullable Lookup lookup, ScopeBody<Y, R> body) {
      super("mapAwait", source);
      this.lookup = lookup;
      this.body = body;
    }

    @Override
    int took(int source, Y taken) {
      return running(Bodies.scope(lookup, body, taken));
    }
  }

  /** {@code filter}. */
  public static final class Filter<Y extends @Nullable Object> extends StepFrame<Y, Y> {
    private final Predicate<? super Y> test;

    public Filter(AsyncGenerator<Y> source, Predicate<? super Y> test) {
      super("filter", source);
      this.test = test;
    }

    @Override
    int took(int source, Y taken) {
      return test.test(taken) ? yielding(taken) : advancing(0);
    }
  }

  /** {@code filterAwait}. */
  public static final class AwaitingFilter<Y extends @Nullable Object> extends StepFrame<Y, Y> {
    private final MethodHandles.@Nullable Lookup lookup;
    private final ScopeBody<Y, Boolean> body;

    /** The value that is being tested; null also between tests. */
    private @Nullable Y tested;

    public AwaitingFilter(
        AsyncGenerator<Y> source,
        MethodHandles.@Nullable Lookup lookup,
        ScopeBody<Y, Boolean> body) {
      super("filterAwait", source);
      this.lookup = lookup;
      this.body = body;
    }

    @Override
    int took(int source, Y taken) {
      tested = taken;
      return running(Bodies.scope(lookup, body, taken));
    }

    @Override
    int executed(@Nullable Object result) {
      Object taken = tested;
      tested = null;
      Object passes = Objects.requireNonNull(result, "the body of filterAwait() gave null");
      return passes.equals(true) ? yielding(taken) : advancing(0);
    }
  }

  /** {@code take}. */
  public static final class Taking<Y extends @Nullable Object> extends StepFrame<Y, Y> {
    private long left;

    public Taking(AsyncGenerator<Y> source, long count) {
      super("take", source);
      if (count < 0) {
        throw new IllegalArgumentException("take(" + count + "): it needs 0 values or more");
      }
      left = count;
    }

    @Override
    int start() {
      return left == 0 ? RETURNED : advancing(0);
    }

    @Override
    int took(int source, Y taken) {
      left--;
      return yielding(taken);
    }
  }

  /** {@code takeWhile}. */
  public static final class TakingWhile<Y extends @Nullable Object> extends StepFrame<Y, Y> {
    private final Predicate<? super Y> test;

    public TakingWhile(AsyncGenerator<Y> source, Predicate<? super Y> test) {
      super("takeWhile", source);
      this.test = test;
    }

    @Override
    int took(int source, Y taken) {
      return test.test(taken) ? yielding(taken) : RETURNED;
    }
  }

  /** {@code zip}. */
  public static final class Zip<
          A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      extends StepFrame<@Nullable Object, R> {
    private final BiFunction<? super A, ? super B, ? extends R> function;

    /** The value of the first source that waits for its partner. */
    private @Nullable Object left;

    private boolean hasLeft;

    public Zip(
        AsyncGenerator<A> first,
        AsyncGenerator<? extends B> second,
        BiFunction<? super A, ? super B, ? extends R> function) {
      super("zip", first, second);
      this.function = function;
    }

    @Override
    int start() {
      return advancing(hasLeft ? 1 : 0);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the first source yields an A, the second a B
    int took(int source, @Nullable Object taken) {
      if (source == 0) {
        left = taken;
        hasLeft = true;
        return advancing(1);
      }
      A partner = (A) left;
      left = null;
      hasLeft = false;
      return yielding(function.apply(partner, (B) taken));
    }
  }

  /** {@code chunked}, by number. */
  public static final class Chunking<Y extends @Nullable Object> extends StepFrame<Y, List<Y>> {
    private final int size;
    private List<Y> chunk = new ArrayList<>();
    private boolean isOver;

    /** What follows the last chunk; null if that is the end. */
    private @Nullable Throwable failure;

    public Chunking(AsyncGenerator<Y> source, int size) {
      super("chunked", source);
      this.size = checkedSize(size);
    }

    static int checkedSize(int size) {
      if (size < 1) {
        throw new IllegalArgumentException("chunked(" + size + "): a chunk has at least 1 value");
      }
      return size;
    }

    @Override
    int start() throws Throwable {
      if (!isOver) {
        return advancing(0);
      }
      if (!chunk.isEmpty()) {
        return whole();
      }
      if (failure != null) {
        throw failure;
      }
      return RETURNED;
    }

    @Override
    int took(int source, Y taken) {
      chunk.add(taken);
      return chunk.size() < size ? advancing(0) : whole();
    }

    @Override
    int sourceEnded() throws Throwable {
      isOver = true;
      return start();
    }

    @Override
    int sourceFailed(Throwable thrown) throws Throwable {
      failure = thrown;
      return sourceEnded();
    }

    /** The values so far are for the next step. */
    @Override
    int sourceCancelled(Cancelled why) throws Throwable {
      isOver = true;
      return chunk.isEmpty() ? super.sourceCancelled(why) : interrupted(why);
    }

    private int whole() {
      List<Y> whole = chunk;
      chunk = new ArrayList<>();
      return yielding(whole);
    }
  }

  /** {@code toList}: all values; it closes the source on every way out. */
  public static final class ListFrame<Y extends @Nullable Object>
      extends ClosingFrame<AsyncGenerator<Y>, List<Y>> {
    private final List<Y> all = new ArrayList<>();

    public ListFrame(AsyncGenerator<Y> source) {
      super(source);
    }

    @Override
    protected int run(int place, @Nullable Object sent) {
      if (place != 0) {
        if (!Boolean.TRUE.equals(sent)) {
          return done(all);
        }
        all.add(resource.current());
      }
      Async<Boolean> step = resource.advance();
      return awaiting(step, 1);
    }

    @Override
    protected @Nullable Object core() {
      return resource;
    }

    @Override
    protected String description() {
      return "list of " + resource;
    }
  }
}
