package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The site of a call of a method that can be overridden. It makes the frame of the method that the
 * class of the receiver tells, and each such method is compiled when a receiver of its class comes
 * first.
 *
 * <pre>
 * receivers of Leaf     new Leaf$fermata$walk$1(receiver)      compared first
 * receivers of Node     new Node$fermata$walk$1(receiver)      compared second
 * all others            find(receiver)
 * </pre>
 *
 * <p><b>Guarantee.</b> The class of a receiver decides once; the order in which receivers come
 * makes no difference. A site keeps no class alive that could be unloaded before its host.
 *
 * <p><b>Structure.</b> An inline cache: the first {@link #GUARDS} classes are compared one after
 * the other, which the JIT compiles to what it makes of an interface call. Classes of loaders that
 * may go before the host's, and those that come later, are found by a {@link ClassValue}, which
 * lies in the receiver's class: what it holds refers to the method's class and to no part of this
 * site.
 *
 * <p><b>Protocol.</b> Any thread may link. Two that find a class new both ask the engine, which
 * compiles once; the lock keeps one guard per class.
 *
 * <p><b>Rejected.</b> A frame class for each class of receivers: those that inherit a method share
 * its frame, so a library's frames do not grow with its users. A method handle per receiver in a
 * table of the site: it would hold their loaders.
 */
final class DispatchSite extends MutableCallSite {
  /** Classes that are compared in line; the JIT's own caches of calls have two. */
  private static final int GUARDS = 8;

  private static final MethodHandle IS_OF;
  private static final MethodHandle FIND;
  private static final MethodHandle ON_THREAD;

  static {
    MethodHandles.Lookup own = MethodHandles.lookup();
    try {
      IS_OF =
          own.findStatic(
              DispatchSite.class,
              "isOf",
              MethodType.methodType(boolean.class, Class.class, Object.class));
      FIND =
          own.findVirtual(
              DispatchSite.class, "find", MethodType.methodType(MethodHandle.class, Object.class));
      ON_THREAD =
          own.findVirtual(
              DispatchSite.class,
              "onThread",
              MethodType.methodType(Object.class, String.class, Object[].class));
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("DispatchSite", impossible);
    }
  }

  private final DispatchedCall call;
  private final EngineServices services;
  private final ByReceiver byReceiver = new ByReceiver();

  /** Finds the frame of any receiver; the target behind all guards. */
  private final MethodHandle unguarded;

  /** The classes that have a guard, and what makes the frame for each. Guarded by this. */
  private final List<Class<?>> guarded = new ArrayList<>(2);

  private final List<MethodHandle> frames = new ArrayList<>(2);

  /** The call itself; found when the first receiver needs it. */
  private volatile @Nullable MethodHandle method;

  /**
   * A site that has seen no receiver.
   *
   * @param type takes the receiver and the arguments, gives the frame
   */
  DispatchSite(MethodType type, DispatchedCall call, EngineServices services) {
    super(type);
    this.call = call;
    this.services = services;
    MethodHandle find =
        FIND.bindTo(this).asType(MethodType.methodType(MethodHandle.class, type.parameterType(0)));
    this.unguarded = MethodHandles.foldArguments(MethodHandles.exactInvoker(type), find);
    setTarget(unguarded);
  }

  /** What the classes of receivers tell; each answer lies in the class that it is of. */
  private static final class ByReceiver
      extends ClassValue<AtomicReference<@Nullable Implementation>> {
    @Override
    protected AtomicReference<@Nullable Implementation> computeValue(Class<?> receiver) {
      return new AtomicReference<>();
    }
  }

  /** The test of a guard. */
  @SuppressWarnings("unused") // by IS_OF
  private static boolean isOf(Class<?> type, Object receiver) {
    return receiver.getClass() == type;
  }

  /** What makes the frame for a receiver; it is of the type of this site. */
  @SuppressWarnings("unused") // by FIND
  private MethodHandle find(Object receiver) throws IllegalAccessException {
    Class<?> type = receiver.getClass();
    AtomicReference<@Nullable Implementation> answer = byReceiver.get(type);
    Implementation found = answer.get();
    if (found == null) {
      found = services.implementation(call, receiver);
      answer.set(found);
    }
    MethodHandle made = found.frame();
    MethodHandle frame =
        made == null
            ? MethodHandles.insertArguments(ON_THREAD, 0, this, found.declined())
                .asCollector(Object[].class, type().parameterCount())
                .asType(type())
            : made;
    if (isKeptByHost(type)) {
      guard(type, frame);
    }
    return frame;
  }

  private synchronized void guard(Class<?> type, MethodHandle frame) {
    if (guarded.size() == GUARDS || guarded.contains(type)) {
      return;
    }
    guarded.add(type);
    frames.add(frame);
    MethodHandle target = unguarded;
    for (int i = guarded.size() - 1; i >= 0; i--) {
      MethodHandle test =
          MethodHandles.insertArguments(IS_OF, 0, guarded.get(i))
              .asType(MethodType.methodType(boolean.class, type().parameterType(0)));
      target = MethodHandles.guardWithTest(test, frames.get(i), target);
    }
    setTarget(target);
  }

  /** Whether a class cannot be unloaded before the host of this site. */
  private boolean isKeptByHost(Class<?> type) {
    if (type.isHidden() && !type.isSynthetic()) {
      return false; // a lambda's class goes with its loader; others go when nobody uses them
    }
    ClassLoader its = type.getClassLoader();
    ClassLoader at = call.rights().lookupClass().getClassLoader();
    while (at != its && at != null) {
      at = at.getParent();
    }
    return at == its;
  }

  /** The frame for a call that runs on a thread. */
  @SuppressWarnings("unused") // by ON_THREAD
  private Object onThread(String reason, Object[] given) throws ReflectiveOperationException {
    return services.onThread(call, method(), call.arguments(given), reason);
  }

  private MethodHandle method() throws ReflectiveOperationException {
    MethodHandle known = method;
    if (known == null) {
      MethodHandle found = call.rights().findVirtual(call.owner(), call.name(), call.type());
      known =
          found
              .asType(found.type().generic())
              .asSpreader(Object[].class, found.type().parameterCount());
      method = known;
    }
    return Objects.requireNonNull(known);
  }
}
