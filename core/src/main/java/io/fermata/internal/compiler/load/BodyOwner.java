package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyMethod;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * Whose method a body is. Tools that replace methods of classes in place leave private ones alone,
 * such as those behind lambdas; a body that is one belongs to nobody here.
 *
 * @param getter reads the receiver from an instance of the body; null if there is none
 * @param type the class of a static method; null if it is no static one
 */
record BodyOwner(@Nullable MethodHandle getter, @Nullable Class<?> type) {
  private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

  /**
   * The owner of a body.
   *
   * @param body its method
   * @param definition has checked its class
   * @param getters read what an instance has captured; the receiver comes first
   */
  static BodyOwner of(BodyMethod body, Definition definition, List<MethodHandle> getters) {
    int access = body.method().access;
    if ((access & Opcodes.ACC_PRIVATE) != 0) {
      return new BodyOwner(null, null);
    }
    return (access & Opcodes.ACC_STATIC) != 0
        ? new BodyOwner(null, definition.host(body.owner().name))
        : new BodyOwner(getters.get(0).asType(GETTER), null);
  }

  @Nullable Object receiver(Object body) {
    if (getter == null) {
      return null;
    }
    try {
      return (Object) getter.invokeExact(body);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
