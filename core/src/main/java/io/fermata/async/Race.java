package io.fermata.async;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a {@linkplain Async#staggeredRace staggered race}.
 *
 * @param winner the result of the first attempt that succeeded; null if none did
 * @param index the number of that attempt, from 0; -1 if none succeeded
 * @param failures the failures of the started attempts, in their order; null for the winner, a
 *     {@link Cancelled} for attempts that the winner has ended
 * @param <T> the type of the result
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
