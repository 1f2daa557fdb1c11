package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Case;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.SelectWait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a select: it waits for the first of its cases, and runs the body of that one. {@link
 * SelectWait} makes the choice.
 */
public final class SelectFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int CHOSEN = 1;
  private static final int GIVEN = 2;
  private static final int BODY_ENDED = 3;

  private final List<SelectCase<?, ?>> cases = new ArrayList<>();
  private final List<Selectable> waits = new ArrayList<>();
  private final boolean isInOrder;

  /** Null if there is none. */
  private @Nullable SelectCase<?, ?> otherwise;

  private @Nullable SelectWait wait;
  private @Nullable SelectCase<?, ?> chosen;

  public SelectFrame(Iterable<? extends Case<? extends T>> cases, boolean isInOrder) {
    this.isInOrder = isInOrder;
    for (Case<? extends T> each : cases) {
      add((SelectCase<?, ?>) Objects.requireNonNull(each, "a case is null"));
    }
    if (this.cases.isEmpty() && otherwise == null) {
      throw new IllegalArgumentException("a select without cases would never end");
    }
  }

  private void add(SelectCase<?, ?> added) {
    Selectable waits = added.wait;
    if (waits != null) {
      cases.add(added);
      this.waits.add(waits);
    } else if (otherwise == null) {
      otherwise = added;
    } else {
      throw new IllegalArgumentException("a select has one otherwise: only one would ever run");
    }
  }

  @Override
  protected Collection<?> held() {
    return waits;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == CHOSEN) {
      return chosen(sent, raised);
    }
    if (raised != null) {
      throw raised;
    }
    return place == 0 ? begin() : place == GIVEN ? runBody(sent) : done(sent);
  }

  private int begin() {
    LoopTask<?> task = LoopTask.entering("Async.select");
    cases.forEach(each -> each.use(task));
    if (otherwise != null) {
      otherwise.use(task);
    }
    SelectWait begun = new SelectWait(waits, isInOrder, otherwise != null, task);
    wait = begun;
    return awaiting(begun, CHOSEN);
  }

  private int chosen(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    SelectWait ended = Objects.requireNonNull(wait);
    wait = null;
    ended.leave();
    if (raised != null) {
      throw raised;
    }
    int choice = ended.choice();
    chosen = choice < 0 ? otherwise : cases.get(choice);
    Async<?> rest = ended.rest();
    return rest == null ? runBody(sent) : awaiting(rest, GIVEN);
  }

  private int runBody(@Nullable Object value) {
    Async<?> body = Objects.requireNonNull(chosen).bodyWith(value);
    return body == null ? done(value) : awaiting(body, BODY_ENDED);
  }

  @Override
  public String inDump() {
    return "";
  }

  @Override
  protected String description() {
    SelectCase<?, ?> running = chosen;
    return running == null ? "select of " + cases.size() + " cases" : "select, " + running;
  }
}
