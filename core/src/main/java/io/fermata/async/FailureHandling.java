package io.fermata.async;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Handlers for the failures in a group; see {@link FailureGroup#handling}. */
public final class FailureHandling {
  private final Throwable original;
  private @Nullable FailureGroup rest;
  private final List<Throwable> raised = new ArrayList<>();

  /** Handles a part of a group. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Handles it.
     *
     * @param part the failures of the type, as a group
     * @throws Exception goes into the group that is thrown in the end
     */
    void handle(FailureGroup part) throws Exception;
  }

  private FailureHandling(Throwable original, FailureGroup rest) {
    this.original = original;
    this.rest = rest;
  }

  /** Throws anything, as it is. */
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
   * Handles the failures of a type, if there are any that no handler before has taken. It is called
   * at most once.
   *
   * @param type of the failures
   * @param handler gets them as a group
   * @return this
   */
  public FailureHandling on(Class<? extends Throwable> type, Handler handler) {
    FailureGroup now = rest;
    if (now == null) {
      return this;
    }
    FailureGroup.Split split = now.split(type);
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
   * Throws what was not handled, and what handlers have thrown; nothing if there is none.
   *
   * @throws Exception a group; the original if nothing of it was handled
   */
  public void rethrow() throws Exception {
    FailureGroup left = rest;
    if (raised.isEmpty()) {
      if (left != null) {
        boolean untouched =
            left == original || (!(original instanceof FailureGroup) && left.message().isEmpty());
        throw sneaky(untouched ? original : left.toThrowable());
      }
      return;
    }
    List<Throwable> all = new ArrayList<>(raised);
    if (left != null) {
      all.add(left.toThrowable());
    }
    throw sneaky(FailureGroup.of("", all));
  }
}
