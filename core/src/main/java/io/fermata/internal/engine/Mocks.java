package io.fermata.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The mocks and spies of Mockito's inline mock maker. It changes classes in place: the methods of a
 * mocked class ask a dispatcher first, which tells whether the receiver is a mock. A frame that was
 * made from the class file would not ask, so the engine asks before it makes one.
 *
 * <p><b>Guarantee.</b> A call that Mockito would answer is told from one that it would leave alone,
 * for each receiver. A program without Mockito pays nothing: {@link #mayComeTo} is asked when a
 * body is compiled, and compiled bodies of other programs never ask again.
 *
 * <p><b>Structure.</b> Mockito puts the class of its dispatchers beside those of the JDK, with a
 * table of dispatchers, one for each Mockito that was loaded. Until the class is there, there are
 * no mocks. It is looked for at most once in {@link #PAUSE}: Mockito needs far longer from there to
 * its first mock, as it has to rewrite a class in between.
 *
 * <p>Mocks of static methods, and those of singletons, belong to the thread that has made them. A
 * body on a thread of its own gets those of the thread that steps it.
 *
 * <p><b>Rejected.</b> {@code Mockito.mockingDetails}: it knows nothing of static methods, and each
 * Mockito only its own mocks. To make all calls of changed classes on threads: a class stays
 * changed when its mocks have gone. To look at the program's agents: agents that trace run in
 * production.
 */
final class Mocks {
  private static final String DISPATCHER =
      "org.mockito.internal.creation.bytebuddy.inject.MockMethodDispatcher";

  /** A class that each loader sees that can make mocks. */
  private static final String MOCKITO = "org/mockito/Mockito.class";

  private static final long PAUSE = 1_000_000;

  private static final Map<ClassLoader, Boolean> LOADERS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether a loader was met from which mocks may come. */
  private static volatile boolean expected;

  private static volatile @Nullable Mocks found;
  private static volatile long nextLook = System.nanoTime();

  /** Mockito's own table. */
  private final Map<?, ?> dispatchers;

  private final MethodHandle isMock;
  private final MethodHandle isMocked;
  private final MethodHandle isMockedStatic;

  private Mocks(Class<?> dispatcher) throws ReflectiveOperationException {
    dispatchers = table(dispatcher);
    isMock = question(dispatcher, "isMock", Object.class);
    isMocked = question(dispatcher, "isMocked", Object.class);
    isMockedStatic = question(dispatcher, "isMockedStatic", Class.class);
  }

  private static MethodHandle question(Class<?> dispatcher, String name, Class<?> about)
      throws ReflectiveOperationException {
    return MethodHandles.publicLookup()
        .findVirtual(dispatcher, name, MethodType.methodType(boolean.class, about))
        .asType(MethodType.methodType(boolean.class, Object.class, about));
  }

  private static Map<?, ?> table(Class<?> dispatcher) throws ReflectiveOperationException {
    for (Field field : dispatcher.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && Map.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        Object table = field.get(null);
        if (table != null) {
          return (Map<?, ?>) table;
        }
      }
    }
    throw new NoSuchFieldException("the dispatchers of " + dispatcher);
  }

  /** Whether mocks may answer calls in a loader's classes, now or later; always the same. */
  static boolean mayComeTo(@Nullable ClassLoader loader) {
    if (loader == null) {
      return false;
    }
    boolean may =
        LOADERS.computeIfAbsent(
            loader, each -> each.getResource(MOCKITO) != null || current() != null);
    if (may) {
      expected = true;
    }
    return may;
  }

  /** Mockito's mocks, null as long as there cannot be any. */
  private static @Nullable Mocks current() {
    Mocks known = found;
    if (known != null) {
      return known;
    }
    long now = System.nanoTime();
    if (now - nextLook < 0) {
      return null;
    }
    try {
      known = new Mocks(Class.forName(DISPATCHER, false, null));
      found = known;
    } catch (ClassNotFoundException notYet) {
      nextLook = now + PAUSE;
    } catch (ReflectiveOperationException | RuntimeException otherMockito) {
      nextLook = now + Long.MAX_VALUE / 2; // one that cannot be asked
    }
    return known;
  }

  /** Whether Mockito answers the calls of an object's methods, on this thread. */
  static boolean isMock(@Nullable Object receiver) {
    Mocks mocks = current();
    return mocks != null
        && receiver != null
        && (mocks.anyTells(mocks.isMock, receiver) || mocks.anyTells(mocks.isMocked, receiver));
  }

  /** Whether Mockito answers the calls of a class's static methods, on this thread. */
  static boolean isMockedStatic(Class<?> type) {
    Mocks mocks = current();
    return mocks != null && mocks.anyTells(mocks.isMockedStatic, type);
  }

  private boolean anyTells(MethodHandle question, Object about) {
    try {
      for (Object dispatcher : dispatchers.values()) {
        if ((boolean) question.invoke(dispatcher, about)) {
          return true;
        }
      }
      return false;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Gives a body's thread the mocks that belong to the current one, which steps the body. */
  static void carryTo(Thread thread) {
    if (!expected) {
      return;
    }
    Mocks mocks = current();
    if (mocks != null) {
      mocks.carry(thread);
    }
  }

  private void carry(Thread thread) {
    for (Object dispatcher : dispatchers.values()) {
      for (Bound bound : BOUND.get(dispatcher.getClass())) {
        bound.carry(dispatcher, thread);
      }
    }
  }

  private static final ClassValue<List<Bound>> BOUND =
      new ClassValue<>() {
        @Override
        protected List<Bound> computeValue(Class<?> dispatcher) {
          return Bound.of(dispatcher);
        }
      };

  /**
   * A field of a dispatcher that holds something for each thread, in an object that is like a
   * {@code ThreadLocal} but lets others look in.
   *
   * @param field reads the object from the dispatcher
   * @param get what a thread has; null if nothing
   * @param define gives a thread something
   */
  private record Bound(MethodHandle field, MethodHandle get, MethodHandle define) {
    private static final String TYPE = "DetachedThreadLocal";

    /** Those of a class of dispatchers; none if it does not let us see them. */
    static List<Bound> of(Class<?> dispatcher) {
      List<Bound> all = new ArrayList<>();
      for (Field field : dispatcher.getDeclaredFields()) {
        if (field.getType().getSimpleName().equals(TYPE)) {
          try {
            field.setAccessible(true);
            all.add(of(field));
          } catch (ReflectiveOperationException | RuntimeException closed) {
            // a Mockito in a module of its own, or another version
          }
        }
      }
      return List.copyOf(all);
    }

    private static Bound of(Field field) throws ReflectiveOperationException {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> type = field.getType();
      MethodType get = MethodType.methodType(Object.class, Thread.class);
      MethodType define = MethodType.methodType(void.class, Thread.class, Object.class);
      return new Bound(
          lookup.unreflectGetter(field),
          lookup.findVirtual(type, "get", get),
          lookup.findVirtual(type, "define", define));
    }

    /** Both threads then have the same object, so what is mocked no more is so on both. */
    void carry(Object dispatcher, Thread thread) {
      try {
        Object local = (Object) field.invoke(dispatcher);
        Object own = (Object) get.invoke(local, Thread.currentThread());
        if (own != null && (Object) get.invoke(local, thread) == null) {
          define.invoke(local, thread, own);
        }
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
