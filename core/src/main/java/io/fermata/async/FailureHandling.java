package io.fermata.async;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain of handlers for the failures in a group; see {@link FailureGroup#handling}. */
public final class FailureHandling {
  private final Throwable original;
  private @Nullable FailureGroup rest;
  private final List<Throwable> raised = new ArrayList<>();

  /** A handler of a part of a group. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Handles the failures of the type.
     *
     * @param part the failures of the type, as a group
     * @throws Exception any exception; {@link FailureHandling#rethrow} throws it in its group
     */
    void handle(FailureGroup part) throws Exception;
  }

  private FailureHandling(Throwable original, FailureGroup rest) {
    this.original = original;
    this.rest = rest;
  }

  /** Throws any throwable unchanged. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the point
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  static FailureHandling of(Throwable failure) {
    return new FailureHandling(
        failure,
        failure instanceof FailureGroup group
            ? group
            : (FailureGroup) FailureGroup.of("", List.of(failure)));
  }

  /**
   * Handles the failures of a type that no earlier handler took. The handler is called at most
   * once, and not at all without such failures.
   *
   * @param type the type of the failures
   * @param handler gets them as a group
   * @return this
   */
  public FailureHandling on(Class<? extends Throwable> type, Handler handler) {
    FailureGroup unhandled = rest;
    if (unhandled == null) {
      return this;
    }
    FailureGroup.Split split = unhandled.split(type);
    rest = split.rest();
    if (split.matching() != null) {
      try {
        handler.handle(split.matching());
      } catch (Throwable failure) {
        raised.add(failure);
      }
    }
    return this;
  }

  /**
   * Throws the unhandled failures together with the failures of the handlers; returns if there are
   * none.
   *
   * @throws Exception a group; the original failure if no handler took a part of it
   */
  public void rethrow() throws Exception {
    FailureGroup unhandled = rest;
    if (raised.isEmpty()) {
      if (unhandled != null) {
        // A single failure was wrapped by of(), in a group with an empty message; it comes out
        // unwrapped.
        boolean untouched =
            unhandled == original
                || (!(original instanceof FailureGroup) && unhandled.message().isEmpty());
        throw sneaky(untouched ? original : unhandled.toThrowable());
      }
      return;
    }
    List<Throwable> all = new ArrayList<>(raised);
    if (unhandled != null) {
      all.add(unhandled.toThrowable());
    }
    throw sneaky(FailureGroup.of("", all));
  }
}
