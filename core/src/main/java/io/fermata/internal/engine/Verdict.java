package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import io.fermata.runtime.EngineServices;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of the compiler on the bodies of one class. Of a reference to a method that can be
 * overridden, each class of objects has a verdict of its own.
 *
 * <p>Fields are written under the lock, and read without it.
 *
 * <pre>
 * none     -&gt; compiled, declined, receivers   the first instance is made
 * compiled -&gt; leased out                      the lease of {@link ClassFileWatch} has ended
 * leased out -&gt; compiled                      an instance is made
 * compiled, leased out -&gt; declined            an instance has made a call that ran on a thread,
 *                                             or a class file has changed
 * </pre>
 */
final class Verdict implements ClassFileWatch.Leased {
  /** Finds the verdict of a compiled body by the class of its frames. */
  private static final ClassValue<AtomicReference<@Nullable Verdict>> BY_FRAME =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Verdict> computeValue(Class<?> frame) {
          return new AtomicReference<>();
        }
      };

  private static final EngineServices SERVICES = new CompiledCalls();

  /** The class that has the method, for one class of objects; null if the body's class tells it. */
  private final @Nullable Class<?> declaring;

  /** What makes the frames; null if there is none, or no longer, or if the lease has ended. */
  volatile @Nullable CompiledBody compiled;

  /** The same, also while the lease has ended. */
  volatile @Nullable CompiledBody known;

  /** Why there is none. */
  volatile @Nullable String declined;

  /** Why the latest instance was declined, without a verdict on the others. */
  volatile @Nullable String failed;

  /** Whether instances may be mocks, or methods of mocks; written before {@link #compiled}. */
  boolean meetsMocks;

  /** Whether the log says that an instance runs on a thread; two threads may say it twice. */
  boolean isTold;

  private volatile @Nullable Receivers receivers;

  private Verdict(@Nullable Class<?> declaring) {
    this.declaring = declaring;
  }

  /** None yet. */
  Verdict() {
    this(null);
  }

  /**
   * Sends further instances of a body to threads; those that run go on as they are.
   *
   * @param frame the class of the body's frames
   */
  static void decline(Class<?> frame, String reason) {
    Verdict verdict = BY_FRAME.get(frame).get();
    if (verdict != null) {
      verdict.decline(reason);
    }
  }

  /**
   * The verdict on one instance, which may be another one; it is the same for all objects of a
   * class.
   */
  Verdict on(Object body, MethodHandles.@Nullable Lookup lookup) {
    Receivers known = receivers;
    return known == null ? this : known.of(body, lookup);
  }

  /** The verdict on one instance; compiles the body if need be. */
  Verdict judge(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
    judgeThis(kind, body, lookup);
    Verdict verdict = on(body, lookup);
    if (verdict != this) {
      verdict.judgeThis(kind, body, lookup);
    }
    return verdict;
  }

  private synchronized void judgeThis(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
    if (compiled != null || declined != null || receivers != null) {
      return;
    }
    CompiledBody leasedOut = known;
    if (leasedOut != null) {
      if (ClassFileWatch.lease(this, false)) {
        compiled = leasedOut;
      }
      return;
    }
    try {
      MethodHandle receiver =
          declaring == null ? RuntimeCompiler.receiver(body, kind, lookup) : null;
      if (receiver != null) {
        receivers = new Receivers(receiver);
        return;
      }
      CompiledBody result = RuntimeCompiler.compile(body, kind, lookup, declaring, SERVICES);
      Explanations.compiled(result.explanation());
      meetsMocks = Mocks.mayComeTo(body.getClass().getClassLoader());
      BY_FRAME.get(result.frame()).set(this);
      known = result;
      if (!result.files().isEmpty()) {
        ClassFileWatch.lease(this, true);
      }
      compiled = result;
    } catch (NotCompilable reason) {
      declined = String.valueOf(reason.getMessage());
      Explanations.declined(BodySource.of(body, lookup), declined);
    } catch (StackOverflowError deep) {
      failed = "there was no stack left to compile it: it was used first in a deep recursion";
    } catch (Throwable unexpected) {
      declined = "the compiler failed on it: " + unexpected;
      Explanations.declined(BodySource.of(body, lookup), declined);
    }
  }

  @Override
  public synchronized boolean look(Map<Object, Boolean> looked) {
    CompiledBody made = known;
    String change = made == null ? null : made.files().change(looked);
    if (change != null) {
      decline(change);
    }
    return change == null;
  }

  @Override
  public synchronized void end() {
    compiled = null;
  }

  private synchronized void decline(String reason) {
    CompiledBody made = known;
    if (made != null) {
      declined = reason;
      compiled = null;
      known = null;
      Explanations.declined(made.place(), reason);
    }
  }

  /** The verdicts by the class of the object that a method reference has captured. */
  private static final class Receivers extends ClassValue<AtomicReference<@Nullable Verdict>> {
    private final MethodHandle receiver;

    /** All classes that inherit a method share the verdict on it. */
    private final ClassValue<Verdict> byDeclaring =
        new ClassValue<>() {
          @Override
          protected Verdict computeValue(Class<?> declaring) {
            return new Verdict(declaring);
          }
        };

    Receivers(MethodHandle receiver) {
      this.receiver = receiver.asType(MethodType.methodType(Object.class, Object.class));
    }

    @Override
    protected AtomicReference<@Nullable Verdict> computeValue(Class<?> type) {
      return new AtomicReference<>();
    }

    Verdict of(Object body, MethodHandles.@Nullable Lookup lookup) {
      Class<?> type = receiverOf(body).getClass();
      AtomicReference<@Nullable Verdict> known = get(type);
      Verdict verdict = known.get();
      if (verdict == null) {
        verdict = select(body, lookup, type);
        known.set(verdict);
      }
      return verdict;
    }

    private Verdict select(Object body, MethodHandles.@Nullable Lookup lookup, Class<?> type) {
      try {
        return byDeclaring.get(RuntimeCompiler.declaring(body, lookup, type));
      } catch (NotCompilable reason) {
        return declined(type, String.valueOf(reason.getMessage()));
      } catch (RuntimeException | LinkageError | AssertionError unexpected) {
        return declined(type, "the compiler failed on it: " + unexpected);
      }
    }

    private static Verdict declined(Class<?> type, String reason) {
      Verdict none = new Verdict(type);
      none.declined =
          "it is a reference to a method of "
              + type.getName()
              + ", which cannot be compiled: "
              + reason;
      return none;
    }

    private Object receiverOf(Object body) {
      try {
        return (Object) receiver.invokeExact(body);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
