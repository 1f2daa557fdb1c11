package io.fermata.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hand-written frame, as the compiler writes them: a body of parts, each of which runs to a
 * suspension or to the end. After the last part it returns null. It records how it was resumed.
 */
final class Scripted extends CoroutineFrame<Object, Object, Object> {
  /** A part of the body: from one suspension to the next. */
  interface Part {
    int run(Scripted body, @Nullable Object sent, @Nullable Throwable raised) throws Throwable;
  }

  private static final BodySite SITE =
      new BodySite(
          "Host",
          "body",
          "Host.java",
          1,
          new int[] {11, 12, 13, 14},
          java.util.List.of(),
          new java.util.BitSet(),
          "a test wrote it");

  /** What each resume was given: a value, an exception, or null. */
  final List<@Nullable Object> resumes = new ArrayList<>();

  /** How often it was told to let go of its body. */
  int ends;

  private final boolean isCall;
  private final Part[] parts;

  private Scripted(boolean isCall, Part... parts) {
    this.isCall = isCall;
    this.parts = parts;
  }

  static Scripted body(Part... parts) {
    return new Scripted(false, parts);
  }

  static Scripted helper(Part... parts) {
    return new Scripted(true, parts);
  }

  // Parts

  static Part yielding(@Nullable Object yielded) {
    return (body, sent, raised) -> {
      rethrow(raised);
      body.value = yielded;
      return YIELDED;
    };
  }

  /** Yields, whatever is raised. */
  static Part catching(@Nullable Object yielded) {
    return (body, sent, raised) -> {
      body.value = yielded;
      return YIELDED;
    };
  }

  static Part delegating(Object target) {
    return (body, sent, raised) -> {
      rethrow(raised);
      body.value = target;
      return DELEGATED;
    };
  }

  /** Delegates as generated code does: runs the target on its own stack first. */
  static Part beginning(Object target) {
    return (body, sent, raised) -> {
      rethrow(raised);
      boolean isOver =
          (target instanceof Frame<?> frame && frame.isCall())
              ? body.begin(target)
              : body.beginDelegate(target, null);
      body.value = isOver ? returned(target) : target;
      return isOver ? RETURNED : DELEGATED;
    };
  }

  static Part returning(@Nullable Object result) {
    return (body, sent, raised) -> {
      rethrow(raised);
      body.value = result;
      return RETURNED;
    };
  }

  /** Returns what it is sent, or the result of its delegate. */
  static Part echoing() {
    return (body, sent, raised) -> {
      rethrow(raised);
      body.value = sent;
      return RETURNED;
    };
  }

  static Part throwing(Throwable failure) {
    return (body, sent, raised) -> {
      throw failure;
    };
  }

  private static void rethrow(@Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
  }

  // The frame

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    int place = state & PLACE;
    state = RUNNING;
    resumes.add(raised == null ? sent : raised);
    int outcome = (place < parts.length ? parts[place] : returning(null)).run(this, sent, raised);
    if (outcome != RETURNED) {
      state = place + 1;
    }
    return outcome;
  }

  @Override
  protected Inspection inspect() {
    return SITE.at(state);
  }

  @Override
  protected void ended() {
    ends++;
  }

  @Override
  protected boolean isCall() {
    return isCall;
  }

  /** The state as it is in the table of {@link Frame}. */
  int rawState() {
    return state;
  }
}
