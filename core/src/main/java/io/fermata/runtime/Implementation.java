package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a call executes for the receivers of one class: either a frame, or the method itself.
 *
 * @param frame makes the frame; takes the receiver, all arguments but the {@code co} that the
 *     method gets as its own, and maybe that as an object. Null if there is none
 * @param declined if there is none, why
 */
public record Implementation(@Nullable MethodHandle frame, String declined) {
  /**
   * A method that was compiled.
   *
   * @param frame makes its frame
   * @return it
   */
  public static Implementation compiled(MethodHandle frame) {
    return new Implementation(frame, "");
  }

  /**
   * A method that was not.
   *
   * @param why the reason, with file and line if they are known
   * @return it
   */
  public static Implementation declined(String why) {
    return new Implementation(null, why);
  }
}
