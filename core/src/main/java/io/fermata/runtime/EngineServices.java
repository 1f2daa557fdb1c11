package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** What generated classes ask of the engine that has compiled them. */
public interface EngineServices {
  /**
   * Makes the {@code co} of a body an object.
   *
   * @param body its frame, which executes
   * @return an object for bodies nested in it
   */
  CapturedAwaiter awaiter(Frame<?> body);

  /**
   * What a call executes.
   *
   * @param call the call
   * @param receiver its receiver; all objects of its class get the same answer
   * @return how to make the frame, or why it cannot be one
   */
  Implementation implementation(DispatchedCall call, Object receiver);

  /**
   * A frame for a call of a method that is not compiled.
   *
   * @param call the call
   * @param method takes the receiver and all arguments as one array, and executes the call
   * @param arguments the receiver, then the arguments; where the method gets a {@code co} of its
   *     own, there is a place for it
   * @param reason why it is not compiled
   * @return a frame that runs it on a thread
   */
  Frame<?> onThread(
      DispatchedCall call, MethodHandle method, @Nullable Object[] arguments, String reason);

  /**
   * Whether mocks may answer calls that are made in a class, now or later.
   *
   * @param host the class
   * @return always the same for one class
   */
  boolean expectsMocks(Class<?> host);

  /**
   * Whether a mock answers a call now.
   *
   * @param call the call
   * @param receiver its receiver; null if the method is static
   * @return whether it does
   */
  boolean isMocked(DispatchedCall call, @Nullable Object receiver);

  /**
   * A frame for a call that a mock answers, as {@link #onThread} makes it.
   *
   * @param call the call
   * @param method takes the receiver and all arguments as one array, and executes the call
   * @param arguments the receiver, then the arguments
   * @return a frame that runs it on a thread
   */
  Frame<?> ofMock(DispatchedCall call, MethodHandle method, @Nullable Object[] arguments);
}
