package io.fermata.runtime.door;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The door from an await of another library's future to the event loop, which makes a leaf of it.
 *
 * <p>The runtime knows only futures of the JDK, and the loop knows how to follow one. The loop
 * installs its function before it runs the first task, in the initialiser of its class; whoever
 * steps an asynchronous frame has a loop. The field is written then and never again with another
 * meaning, and read by every loop's thread.
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
          "cannot await " + future + ": no event loop runs here; await it in a task of a loop");
    }
    return known.apply(future);
  }
}
