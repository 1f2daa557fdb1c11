package io.fermata.runtime;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bootstrap methods of what a generated class does in the name of its host: it initialises
 * classes as the host's own calls would, it has the host's constants, and it calls methods that
 * look at the class of their caller.
 *
 * <p><b>Guarantee.</b> A method that looks at its caller sees a class with the rights of the host:
 * a nestmate of it. It does not see the host itself.
 *
 * <p><b>Structure.</b> Beside each generated class with such calls, the compiler writes a small
 * class that holds them. It is defined as a hidden nestmate of the host when the first of the calls
 * is linked, by the rights of the generated class, which lives in the host's module.
 *
 * <p><b>Rejected.</b> Method handles of the host: a lookup that the host has not made itself cannot
 * find a method that looks at its caller. Nestmates for the frames: hidden classes are missing in
 * stack traces.
 */
public final class HostLinkage {
  private static final ClassValue<Nestmate> NESTMATES =
      new ClassValue<>() {
        @Override
        protected Nestmate computeValue(Class<?> frame) {
          return new Nestmate();
        }
      };

  private static final Lookup OWN = MethodHandles.lookup();

  private HostLinkage() {}

  /** The class beside a generated one that holds its calls in the host's name. */
  private static final class Nestmate {
    private final AtomicReference<byte @Nullable []> file = new AtomicReference<>();

    /** The class, when it is defined. Guarded by this object. */
    private @Nullable Lookup defined;

    synchronized Lookup in(Lookup host) throws IllegalAccessException {
      Lookup known = defined;
      if (known == null) {
        known =
            host.defineHiddenClass(
                Objects.requireNonNull(file.get()), false, Lookup.ClassOption.NESTMATE);
        defined = known;
      }
      return known;
    }
  }

  /**
   * Notes the nestmate of a generated class, before that is used. The first one stays.
   *
   * @param frame the generated class
   * @param file the class file of the nestmate
   */
  public static void describe(Class<?> frame, byte[] file) {
    NESTMATES.get(frame).file.compareAndSet(null, file.clone());
  }

  /**
   * Links a call that a nestmate of the host makes.
   *
   * @param caller the generated class
   * @param name of the method in the nestmate
   * @param type of the method
   * @param host the class that the body comes from
   * @return a constant call site
   * @throws ReflectiveOperationException if the generated class is not one of the compiler's
   */
  public static CallSite nestmate(Lookup caller, String name, MethodType type, Class<?> host)
      throws ReflectiveOperationException {
    Lookup rights = MethodHandles.privateLookupIn(host, caller);
    Lookup nestmate = NESTMATES.get(caller.lookupClass()).in(rights);
    return new ConstantCallSite(nestmate.findStatic(nestmate.lookupClass(), name, type));
  }

  /**
   * Links a constant that only the host may resolve.
   *
   * @param caller the generated class
   * @param name of the site
   * @param type of the site: takes nothing, gives the constant
   * @param host the class that the body comes from
   * @param encoded the constant, see {@link Linkage#dynamic}
   * @return a constant call site
   * @throws Throwable what a bootstrap method of the host throws
   */
  public static CallSite constant(
      Lookup caller, String name, MethodType type, Class<?> host, Object... encoded)
      throws Throwable {
    Lookup rights = MethodHandles.privateLookupIn(host, caller);
    Object value = new HostConstants(rights, encoded).next();
    return new ConstantCallSite(MethodHandles.constant(type.returnType(), value));
  }

  /**
   * Links the initialisation of a class, where a call of a static method of it is replaced. If the
   * class cannot be initialised, each execution of the site fails as the call would.
   *
   * @param caller the generated class
   * @param name of the site
   * @param type of the site: takes and gives nothing
   * @param named the class that the call names
   * @param declaring the class that declares the method, maybe a superclass of the other one
   * @return a constant call site
   * @throws ClassNotFoundException if the class is not there
   * @throws ReflectiveOperationException never
   */
  public static CallSite initialise(
      Lookup caller, String name, MethodType type, String named, String declaring)
      throws ReflectiveOperationException {
    Class<?> found = Class.forName(named, false, caller.lookupClass().getClassLoader());
    while (!found.getName().equals(declaring) && found.getSuperclass() != null) {
      found = found.getSuperclass();
    }
    MethodHandle initialise = OWN.findVirtual(Initialisation.class, "ensure", type);
    return new ConstantCallSite(initialise.bindTo(new Initialisation(found)));
  }

  /** The initialisation of one class. */
  private static final class Initialisation {
    private final Class<?> type;

    /** Whether the class is initialised, for every thread. Written from false to true only. */
    private boolean isDone;

    Initialisation(Class<?> type) {
      this.type = type;
    }

    @SuppressWarnings("UnusedMethod") // by a method handle
    void ensure() throws ClassNotFoundException {
      if (!isDone) {
        Class.forName(type.getName(), true, type.getClassLoader());
        // a thread goes on while it initialises the class itself, and that may fail yet
        isDone = !isInInitialiser();
      }
    }

    private static boolean isInInitialiser() {
      return StackWalker.getInstance()
          .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("<clinit>")));
    }
  }
}
