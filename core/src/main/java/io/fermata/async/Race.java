package io.fermata.async;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@linkplain Async#staggeredRace staggered race} has ended.
 *
 * @param winner the result of the first attempt that succeeded; null if none did
 * @param index which attempt that was, from 0; -1 if none succeeded
 * @param failures what each attempt that was started has failed with, in their order; null for the
 *     winner, a {@link Cancelled} for those that it has cut short
 * @param <T> the result
 */
public record Race<T extends @Nullable Object>(
    @Nullable T winner, int index, List<@Nullable Throwable> failures) {
  /**
   * Whether an attempt has succeeded; its result may be null.
   *
   * @return true if there is a winner
   */
  public boolean isWon() {
    return index >= 0;
  }
}
