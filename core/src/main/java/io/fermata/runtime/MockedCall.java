package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A call that a mock may answer. A mock is an object of the mocked class itself, and a static
 * method is replaced for one thread only, so each call asks anew.
 */
final class MockedCall {
  private static final MethodHandle IS_MOCKED;
  private static final MethodHandle FRAME;

  static {
    MethodHandles.Lookup own = MethodHandles.lookup();
    try {
      IS_MOCKED =
          own.findVirtual(
              MockedCall.class, "isMocked", MethodType.methodType(boolean.class, Object.class));
      FRAME =
          own.findVirtual(
              MockedCall.class, "frame", MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("MockedCall", impossible);
    }
  }

  private final DispatchedCall call;
  private final boolean isStatic;
  private final EngineServices services;

  /** Takes the receiver, which is null for a static method, and all arguments as one array. */
  private final MethodHandle method;

  MockedCall(DispatchedCall call, boolean isStatic, EngineServices services)
      throws ReflectiveOperationException {
    this.call = call;
    this.isStatic = isStatic;
    this.services = services;
    MethodHandle found =
        isStatic
            ? MethodHandles.dropArguments(
                call.rights().findStatic(call.owner(), call.name(), call.type()), 0, Object.class)
            : call.rights().findVirtual(call.owner(), call.name(), call.type());
    this.method =
        found
            .asType(found.type().generic())
            .asSpreader(Object[].class, found.type().parameterCount());
  }

  /** Makes the frame of the call if a mock answers it; else gives null. */
  MethodHandle asked(MethodType type) {
    MethodHandle test = IS_MOCKED.bindTo(this);
    MethodHandle frame =
        FRAME.bindTo(this).asCollector(Object[].class, type.parameterCount() + (isStatic ? 1 : 0));
    if (isStatic) {
      test = MethodHandles.insertArguments(test, 0, (Object) null);
      frame = MethodHandles.insertArguments(frame, 0, (Object) null);
    }
    return MethodHandles.guardWithTest(test, frame.asType(type), MethodHandles.empty(type));
  }

  @SuppressWarnings("unused") // by IS_MOCKED
  private boolean isMocked(@Nullable Object receiver) {
    return services.isMocked(call, receiver);
  }

  @SuppressWarnings("unused") // by FRAME
  private Object frame(@Nullable Object[] given) {
    return services.ofMock(call, method, call.arguments(given));
  }
}
