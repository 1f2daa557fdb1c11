package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Overflow;
import io.fermata.async.ScopeBody;
import io.fermata.async.Task;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Throwing;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operators that have tasks of their own and know no time: what each does with a value. */
public final class Stages {
  private Stages() {}

  /** {@code buffer}. */
  public static final class Buffering<Y extends @Nullable Object> extends StageFrame<Y, Y> {
    private final int size;
    private final Overflow overflow;

    public Buffering(AsyncGenerator<Y> source, int size, Overflow overflow) {
      super("buffer", List.of(source));
      if (size < 1) {
        throw new IllegalArgumentException("buffer(" + size + "): it holds at least 1 value");
      }
      this.size = size;
      this.overflow = Objects.requireNonNull(overflow, "the overflow is null");
    }

    @Override
    boolean hasRoom(int source) {
      return overflow != Overflow.WAIT || slots.size() < size;
    }

    @Override
    void arrived(int source, Y value) {
      if (slots.size() == size) {
        if (overflow == Overflow.DROP_LATEST) {
          return;
        }
        slots.poll();
      }
      give(source, value);
    }
  }

  /** {@code merge}. Each source may have one value that was not taken. */
  public static final class Merging<Y extends @Nullable Object> extends StageFrame<Y, Y> {
    /** For each source, whether its last value was not taken yet. */
    private final boolean[] hasValue;

    public Merging(Iterable<? extends AsyncGenerator<? extends Y>> sources) {
      super("merge", distinct(sources));
      hasValue = new boolean[this.sources.size()];
    }

    private static List<AsyncGenerator<?>> distinct(Iterable<? extends AsyncGenerator<?>> given) {
      List<AsyncGenerator<?>> all = new ArrayList<>();
      Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
      for (AsyncGenerator<?> each : Objects.requireNonNull(given, "nothing to merge")) {
        Objects.requireNonNull(each, "a generator of the merge is null");
        if (!known.add(each)) {
          throw new IllegalArgumentException(
              "cannot merge a generator with itself: number "
                  + all.size()
                  + " stands in the list twice");
        }
        all.add(each);
      }
      return all;
    }

    @Override
    boolean hasRoom(int source) {
      return !hasValue[source];
    }

    @Override
    void arrived(int source, Y value) {
      hasValue[source] = true;
      give(source, value);
    }

    @Override
    void taken(Slot slot) {
      hasValue[slot.source] = false;
    }
  }

  /** {@code mapConcurrently} and {@code mapUnordered}. */
  public static final class ConcurrentMapping<
          Y extends @Nullable Object, R extends @Nullable Object>
      extends StageFrame<Y, R> {
    private final boolean isOrdered;
    private final int limit;
    private final MethodHandles.@Nullable Lookup lookup;
    private final ScopeBody<Y, R> body;

    /** Bodies without a slot. */
    private int bodies;

    /** A failure of the source that comes after the values of the bodies; null if there is none. */
    private @Nullable Throwable last;

    public ConcurrentMapping(
        AsyncGenerator<Y> source,
        boolean isOrdered,
        int limit,
        MethodHandles.@Nullable Lookup lookup,
        ScopeBody<Y, R> body) {
      super(isOrdered ? "mapConcurrently" : "mapUnordered", List.of(source));
      if (limit < 1) {
        throw new IllegalArgumentException(
            name() + "(" + limit + "): at least 1 body has to run at a time");
      }
      this.isOrdered = isOrdered;
      this.limit = limit;
      this.lookup = lookup;
      this.body = body;
    }

    @Override
    boolean hasRoom(int source) {
      return slots.size() + bodies < limit;
    }

    @Override
    void arrived(int source, Y value) {
      Slot slot = isOrdered ? new Slot(source) : null;
      Run run = new Run(value, slot);
      run.task = start(run); // may be refused
      if (slot != null) {
        slot.task = run.task;
        slots.add(slot);
      } else {
        bodies++;
        open++;
      }
    }

    @Override
    void sourceFailed(Throwable thrown) {
      if (bodies == 0) {
        fail(null, thrown);
      } else {
        last = thrown;
      }
    }

    /** A body without a slot has ended. */
    private void bodyOver() {
      bodies--;
      Throwable waiting = last;
      if (bodies == 0 && waiting != null) {
        last = null;
        fail(null, waiting);
      }
      closeOne();
    }

    /** The frame of a task that runs the body for one value. */
    private final class Run extends LibraryFrame<Void> {
      private final Y given;
      private final @Nullable Slot slot;
      private @Nullable Task<?> task;
      private boolean isTold;

      Run(Y given, @Nullable Slot slot) {
        this.given = given;
        this.slot = slot;
      }

      @Override
      @SuppressWarnings({"unchecked", "NullAway"}) // the body gives an R
      protected int go(int place, @Nullable Object sent, @Nullable Throwable raised)
          throws Throwable {
        if (raised != null) {
          failed(raised);
          if (Throwing.endsTheRun(raised)) {
            throw raised;
          }
          return done(null);
        }
        if (place == 0) {
          return awaiting(Bodies.scope(lookup, body, given), 1);
        }
        isTold = true;
        if (slot != null) {
          fill(slot, (R) sent);
        } else {
          give(0, (R) sent);
          bodyOver();
        }
        return done(null);
      }

      private void failed(Throwable thrown) {
        isTold = true;
        fail(slot, thrown);
        if (slot == null) {
          bodyOver();
        }
      }

      /** Also if the task was cancelled before its first step. */
      @Override
      protected void ended() {
        over(task);
        if (!isTold) {
          failed(new Cancelled("the task of " + name() + "() was cancelled"));
        }
      }

      @Override
      protected String description() {
        return "body of " + name() + "()";
      }
    }
  }
}
