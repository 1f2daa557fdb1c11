package io.fermata.runtime.door;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The door from an await of another library's future to the event loop, which makes a leaf of it.
 *
 * <p>The runtime sees a future of the JDK; the loop can follow one. The loop's class installs its
 * function when it is initialised, so before the first task runs. The field is written once, and
 * read by the threads of all loops.
 */
public final class FutureDoor {
  private static volatile @Nullable Function<Object, ?> leaves;

  private FutureDoor() {}

  /**
   * Installs the loop's side.
   *
   * @param leaves makes a leaf of a {@code CompletionStage} or {@code Future}, for the current loop
   */
  public static void install(Function<Object, ?> leaves) {
    FutureDoor.leaves = leaves;
  }

  /**
   * The leaf that waits for a future.
   *
   * @param future a {@code CompletionStage} or {@code Future}
   * @return a {@code Leaf} of the current loop
   * @throws IllegalStateException if no loop runs here
   */
  public static Object leaf(Object future) {
    Function<Object, ?> known = leaves;
    if (known == null) {
      throw new IllegalStateException(
          "cannot await "
              + Brief.of(future)
              + ": no event loop runs here; await it in a task of a loop");
    }
    return known.apply(future);
  }
}
