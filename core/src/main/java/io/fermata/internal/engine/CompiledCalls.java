package io.fermata.internal.engine;

import io.fermata.internal.compiler.Shape;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import io.fermata.runtime.CapturedAwaiter;
import io.fermata.runtime.DispatchedCall;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Implementation;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's part in the calls of compiled bodies: methods that can be overridden are compiled
 * when a receiver comes that has them, and calls that cannot be compiled run on threads.
 */
final class CompiledCalls implements EngineServices {
  @Override
  public CapturedAwaiter awaiter(Frame<?> body) {
    return CompiledAwaiter.of(body);
  }

  @Override
  public Implementation implementation(DispatchedCall call, Object receiver) {
    try {
      return RuntimeCompiler.implementation(call, receiver, this);
    } catch (NotCompilable reason) {
      if (reason.isMistake()) {
        throw new IllegalStateException(
            "the method of "
                + receiver.getClass().getName()
                + " that is called at "
                + call.place()
                + " must not run: "
                + reason.getMessage());
      }
      return declined(receiver, String.valueOf(reason.getMessage()));
    } catch (StackOverflowError deep) {
      throw deep; // this call fails as it would in plain Java; the next may have more stack
    } catch (RuntimeException | Error unexpected) {
      return declined(receiver, "the compiler failed on it: " + unexpected);
    }
  }

  private static Implementation declined(Object receiver, String reason) {
    return Implementation.declined(
        "that of " + receiver.getClass().getName() + " cannot be compiled: " + reason);
  }

  @Override
  public Frame<?> onThread(
      DispatchedCall call, MethodHandle method, @Nullable Object[] arguments, String reason) {
    String why = "it calls " + call.shown() + " at " + call.place() + ", and " + reason;
    if (EngineChoice.refusesThreads()) {
      throw new IllegalStateException(
          "the call cannot be compiled: "
              + why
              + "; -D"
              + EngineChoice.PROPERTY
              + "=compiled allows no thread; use auto");
    }
    return newCall(call, method, arguments, reason, body -> Verdict.decline(body, why));
  }

  @Override
  public boolean expectsMocks(Class<?> host) {
    return Mocks.mayComeTo(host.getClassLoader());
  }

  @Override
  public boolean isMocked(DispatchedCall call, @Nullable Object receiver) {
    return receiver == null ? Mocks.isMockedStatic(call.owner()) : Mocks.isMock(receiver);
  }

  /** The mock will go, so the body stays compiled. */
  @Override
  public Frame<?> ofMock(DispatchedCall call, MethodHandle method, @Nullable Object[] arguments) {
    return newCall(call, method, arguments, "Mockito has replaced the method", body -> {});
  }

  private static Frame<?> newCall(
      DispatchedCall call,
      MethodHandle method,
      @Nullable Object[] arguments,
      String reason,
      Consumer<Class<?>> report) {
    return ThreadEngine.newCall(
        Shape.valueOf(call.shape()),
        co -> {
          if (call.co() >= 0) {
            arguments[call.co() + 1] = co;
          }
          return (Object) method.invokeExact(arguments);
        },
        call.shown(),
        call.place(),
        reason,
        report);
  }
}
