package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"ReferenceEquality", "UnusedMethod"}) // methods are called by their names
class MockedCallTest {
  private static final MethodType METHOD =
      MethodType.methodType(String.class, int.class, Object.class, String.class);

  /** An engine that knows one mock, and executes the call when it is asked for the frame. */
  private static final class Services implements EngineServices {
    final List<Object> asked = new ArrayList<>();
    Object mock;
    Object result;

    @Override
    public CapturedAwaiter awaiter(Frame<?> body) {
      throw new AssertionError();
    }

    @Override
    public Implementation implementation(DispatchedCall call, Object receiver) {
      throw new AssertionError();
    }

    @Override
    public Frame<?> onThread(
        DispatchedCall call, MethodHandle method, Object[] arguments, String reason) {
      throw new AssertionError();
    }

    @Override
    public boolean expectsMocks(Class<?> host) {
      return true;
    }

    @Override
    public boolean isMocked(DispatchedCall call, Object receiver) {
      asked.add(receiver == null ? call.owner() : receiver);
      return mock == asked.get(asked.size() - 1);
    }

    @Override
    public Frame<?> ofMock(DispatchedCall call, MethodHandle method, Object[] arguments) {
      Object[] all = Arrays.copyOf(arguments, arguments.length);
      all[call.co() + 1] = "co";
      try {
        result = method.invoke(all);
      } catch (Throwable thrown) {
        throw new AssertionError(thrown);
      }
      return Scripted.helper();
    }
  }

  /** Has the methods that are called. */
  private record Source(String name) {
    String emit(int n, Object co, String text) {
      return name + n + co + text;
    }

    static String emitStatic(int n, Object co, String text) {
      return n + "" + co + text;
    }
  }

  @Test
  void aMockAnswersWithAllArguments() throws Throwable {
    Services services = new Services();
    Source mock = new Source("mock");
    services.mock = mock;
    MethodHandle asked = asked("emit", false, services);
    assertNotNull((Object) asked.invokeExact((Object) mock, 1, (Object) "text"));
    assertEquals("mock1cotext", services.result);
  }

  @Test
  void anotherObjectOfItsClassIsLeftAlone() throws Throwable {
    Services services = new Services();
    services.mock = new Source("mock");
    Source real = new Source("real");
    MethodHandle asked = asked("emit", false, services);
    assertNull((Object) asked.invokeExact((Object) real, 1, (Object) "text"));
    assertEquals(List.of(real), services.asked);
  }

  @Test
  void aStaticMethodIsAskedForByItsClass() throws Throwable {
    Services services = new Services();
    MethodHandle asked = asked("emitStatic", true, services);
    assertNull((Object) asked.invokeExact(1, (Object) "text"));
    services.mock = Source.class;
    assertNotNull((Object) asked.invokeExact(1, (Object) "text"));
    assertEquals("1cotext", services.result);
  }

  private static MethodHandle asked(String name, boolean isStatic, Services services)
      throws ReflectiveOperationException {
    DispatchedCall call =
        new DispatchedCall(
            MethodHandles.lookup(), Source.class, name, METHOD, 1, "GENERATOR", "X.java:1");
    MethodType type = MethodType.methodType(Object.class, int.class, Object.class);
    return new MockedCall(call, isStatic, services)
        .asked(isStatic ? type : type.insertParameterTypes(0, Object.class));
  }
}
