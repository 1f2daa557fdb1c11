package io.fermata.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method that the class of its receiver tells.
 *
 * @param rights of the class that the call stands in
 * @param owner the class that the call names
 * @param name of the method
 * @param type of the method, without the receiver
 * @param co index of the argument that the method gets as its own {@code co}; -1 if none
 * @param shape the shape of the frame that the method becomes
 * @param place file and line of the call
 */
public record DispatchedCall(
    MethodHandles.Lookup rights,
    Class<?> owner,
    String name,
    MethodType type,
    int co,
    String shape,
    String place) {
  /**
   * The receiver and all arguments, with a place for the {@code co} that the method gets as its
   * own.
   *
   * @param given those that a site takes, the receiver first
   */
  @Nullable Object[] arguments(@Nullable Object[] given) {
    @Nullable Object[] arguments = new @Nullable Object[type.parameterCount() + 1];
    int from = 0;
    for (int to = 0; to < arguments.length; to++) {
      if (to != co + 1 || co < 0) {
        arguments[to] = given[from++];
      }
    }
    return arguments;
  }

  /**
   * The method, for people.
   *
   * @return {@code Tree.walk()}
   */
  public String shown() {
    String simple = owner.getName().substring(owner.getName().lastIndexOf('.') + 1);
    return simple.replace('$', '.') + "." + name + "()";
  }
}
