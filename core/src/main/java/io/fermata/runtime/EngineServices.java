package io.fermata.runtime;

import java.lang.invoke.MethodHandle;

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
  Frame<?> onThread(DispatchedCall call, MethodHandle method, Object[] arguments, String reason);
}
