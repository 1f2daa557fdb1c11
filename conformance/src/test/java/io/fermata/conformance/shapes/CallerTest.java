package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.function.Supplier;

/** Methods that look at their caller see the rights of the class that the body is written in. */
class CallerTest {
  private static int secret = 5;
  private static boolean flag = true;
  private static byte small = 1;
  private static char letter = 'c';
  private static double real = 0.5;
  private static float half = 1.5f;
  private static long wide = 7;
  private static short brief = 3;
  private volatile int number = 1;
  private volatile long count = 2;
  private volatile String text = "t";

  private static String hidden(String argument) {
    return "hidden " + argument;
  }

  private static final class Nestling {
    private static final String OWN = "nestling";
    private String value = "value";

    private Nestling() {}

    private Nestling(String value) {
      this.value = value;
    }

    private String call() {
      return value;
    }
  }

  private interface Service {}

  private interface Greeting {
    default String greet(String name) {
      return "hello " + name;
    }
  }

  private static Field field(String name) throws NoSuchFieldException {
    return CallerTest.class.getDeclaredField(name);
  }

  @EngineTest
  void fieldsAreRead() {
    assertTrace(
        "5 true 1 c 0.5 1.5 7 3 5 =null",
        co -> {
          try {
            co.yield(field("secret").getInt(null));
            co.yield(field("flag").getBoolean(null));
            co.yield(field("small").getByte(null));
            co.yield(field("letter").getChar(null));
            co.yield(field("real").getDouble(null));
            co.yield(field("half").getFloat(null));
            co.yield(field("wide").getLong(null));
            co.yield(field("brief").getShort(null));
            co.yield(field("secret").get(null));
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  void fieldsAreWritten() {
    assertTrace(
        "x =5 true 1 c 0.5 1.5 7 3 v",
        co -> {
          Nestling nestling = new Nestling();
          try {
            field("secret").setInt(null, 5);
            field("flag").setBoolean(null, true);
            field("small").setByte(null, (byte) 1);
            field("letter").setChar(null, 'c');
            field("real").setDouble(null, 0.5);
            field("half").setFloat(null, 1.5f);
            field("wide").setLong(null, 7);
            field("brief").setShort(null, (short) 3);
            Nestling.class.getDeclaredField("value").set(nestling, "v");
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          co.yield("x");
          return secret
              + " "
              + flag
              + " "
              + small
              + " "
              + letter
              + " "
              + real
              + " "
              + half
              + " "
              + wide
              + " "
              + brief
              + " "
              + nestling.value;
        });
  }

  @EngineTest
  void methodsAndConstructorsOfTheNestAreCalled() {
    assertTrace(
        "hidden a value new value nestling =null",
        co -> {
          try {
            Method hidden = CallerTest.class.getDeclaredMethod("hidden", String.class);
            co.yield(hidden.invoke(null, "a"));
            Method call = Nestling.class.getDeclaredMethod("call");
            co.yield(call.invoke(new Nestling()));
            var constructor = Nestling.class.getDeclaredConstructor(String.class);
            co.yield(constructor.newInstance("new").value);
            co.yield(Nestling.class.getDeclaredConstructor().newInstance().value);
            co.yield(Nestling.class.getDeclaredField("OWN").get(null));
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  @SuppressWarnings("deprecation")
  void classesMakeInstances() {
    assertTrace(
        "value =null",
        co -> {
          try {
            co.yield(Nestling.class.newInstance().value);
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  void accessIsThatOfTheClass() {
    assertTrace(
        "true true true =null",
        co -> {
          try {
            co.yield(field("secret").canAccess(null));
            co.yield(CallerTest.class.getDeclaredMethod("hidden", String.class).canAccess(null));
            co.yield(field("secret").trySetAccessible());
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  void updatersAreMade() {
    assertTrace(
        "1 2 t =null",
        co -> {
          var number = AtomicIntegerFieldUpdater.newUpdater(CallerTest.class, "number");
          var count = AtomicLongFieldUpdater.newUpdater(CallerTest.class, "count");
          var text = AtomicReferenceFieldUpdater.newUpdater(CallerTest.class, String.class, "text");
          CallerTest object = new CallerTest();
          co.yield(number.get(object));
          co.yield(count.get(object));
          co.yield(text.get(object));
          return null;
        });
  }

  @EngineTest
  void aHelperHasTheRightsOfItsOwnClass() {
    assertTrace("5 =other", co -> Other.help(co));
  }

  private static Object readSecret(Yielder<Integer, Object> co) {
    try {
      return co.yield(field("secret").getInt(null));
    } catch (ReflectiveOperationException e) {
      return e;
    }
  }

  private static final class Other {
    static Object help(Yielder<Integer, Object> co) {
      readSecret(co);
      return "other";
    }
  }

  @EngineTest
  void aClassOutsideTheNestIsRefused() {
    assertTrace(
        "refused =null",
        co -> {
          try {
            co.yield(Run.class.getDeclaredField("log").get(null));
          } catch (IllegalAccessException e) {
            co.yield("refused");
          } catch (ReflectiveOperationException e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  void servicesLoggersBundlesAndLoadersAreThoseOfTheClass() {
    assertTrace(
        "false logger true false true =CallerTest",
        co -> {
          co.yield(ServiceLoader.load(Service.class).iterator().hasNext());
          co.yield(System.getLogger("logger").getName());
          co.yield(getClass().getClassLoader() == Thread.currentThread().getContextClassLoader());
          try {
            co.yield(ResourceBundle.getBundle("no.such.bundle"));
          } catch (java.util.MissingResourceException missing) {
            co.yield(false);
          }
          try {
            co.yield(Class.forName(CallerTest.class.getName()) == CallerTest.class);
          } catch (ClassNotFoundException e) {
            co.yield(e);
          }
          return MethodHandles.lookup().lookupClass().getSimpleName();
        });
  }

  @EngineTest
  void defaultMethodsOfProxiesAreCalled() {
    assertTrace(
        "hello you =null",
        co -> {
          InvocationHandler handler = (proxy, method, arguments) -> "proxy";
          Object greeting =
              Proxy.newProxyInstance(
                  CallerTest.class.getClassLoader(), new Class<?>[] {Greeting.class}, handler);
          try {
            Method greet = Greeting.class.getDeclaredMethod("greet", String.class);
            co.yield(InvocationHandler.invokeDefault(greeting, greet, "you"));
          } catch (Throwable e) {
            co.yield(e);
          }
          return null;
        });
  }

  @EngineTest
  void referencesToSuchMethods() {
    assertTrace(
        "true true true =null",
        co -> {
          Function<Class<?>, ClassLoader> loader = Class::getClassLoader;
          co.yield(loader.apply(CallerTest.class) == CallerTest.class.getClassLoader());
          Supplier<ClassLoader> system = ClassLoader::getSystemClassLoader;
          co.yield(system.get() == ClassLoader.getSystemClassLoader());
          Function<Class<?>, Object[]> fields = Class::getDeclaredFields;
          co.yield(fields.apply(Nestling.class).length > 0);
          return null;
        });
  }

  private static class Parallel extends ClassLoader {
    static Object register(Yielder<Integer, Object> co) {
      return co.yield(registerAsParallelCapable());
    }
  }

  @EngineTest
  void whatOnlyTheClassItselfCanDoRunsOnAThread() {
    assertEquals(
        "true =1",
        Run.onThread(co -> Parallel.register(co), "registerAsParallelCapable()", "CallerTest.java")
            .toEnd());
  }

  private static class Cloning extends Thread {
    static Object read(Yielder<Integer, Object> co) {
      try {
        return co.yield(field("secret").getInt(null));
      } catch (ReflectiveOperationException e) {
        return e;
      }
    }
  }

  @EngineTest
  void reflectionBelowProtectedMembersOfAnotherPackageRunsOnAThread() {
    assertEquals(
        "5 =1", Run.onThread(co -> Cloning.read(co), "getInt()", "java.lang.Thread").toEnd());
  }
}
