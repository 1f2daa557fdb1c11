package io.fermata.runtime;

import io.fermata.async.Awaiter;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bootstrap methods of generated classes: they link members that only the host class may use,
 * with the host's rights. Every call site is constant.
 *
 * <p>A generated class lives in the module of its host, so its own lookup suffices to get those
 * rights; a caller of these methods gains no right that it lacks.
 */
public final class Linkage {
  /** A static method. */
  public static final int STATIC = 0;

  /** An instance method, chosen by its receiver. */
  public static final int VIRTUAL = 1;

  /** A private method, or one of the superclass. */
  public static final int SPECIAL = 2;

  /** A constructor. */
  public static final int CONSTRUCTOR = 3;

  /** The value of a static field. */
  public static final int GET_STATIC = 4;

  /** An assignment to a static field. */
  public static final int PUT_STATIC = 5;

  /** The value of a field. */
  public static final int GET_FIELD = 6;

  /** An assignment to a field. */
  public static final int PUT_FIELD = 7;

  /** {@code MethodHandles.lookup()} in the host. */
  public static final int LOOKUP = 8;

  /** Masks the place where a body is suspended in the state of its frame. */
  public static final int PLACE = Frame.PLACE;

  /** Marks a string constant among the arguments of {@link #dynamic}. */
  public static final String TEXT = "t";

  /** Marks a method handle constant among the arguments of {@link #dynamic}. */
  public static final String HANDLE = "h";

  /**
   * Marks a constant made by a bootstrap method among the arguments of {@link #dynamic}. The
   * bootstrap method and its own arguments follow.
   */
  public static final String DYNAMIC = "c";

  /** Marks the descriptor of a class or method type that only the host may name. */
  public static final String TYPE = "d";

  private static final Lookup OWN = MethodHandles.lookup();
  private static final ClassValue<AtomicReference<@Nullable Lookup>> GIVEN =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Lookup> computeValue(Class<?> host) {
          return new AtomicReference<>();
        }
      };
  private static final ClassValue<Entry> ENTRIES =
      new ClassValue<>() {
        @Override
        protected Entry computeValue(Class<?> frame) {
          return new Entry();
        }
      };

  /** The data of a generated class; written by its definer before the class is initialised. */
  private static final class Entry {
    volatile @Nullable BodySite site;
    volatile List<MethodHandle> getters = List.of();
    volatile @Nullable Frame<?> prototype;
    volatile @Nullable EngineServices services;
  }

  private Linkage() {}

  /**
   * The rights of a class that holds bodies.
   *
   * @param host the class
   * @param given its own lookup, or that of a class of its module; null if its package is open
   * @return a lookup with private access to it
   * @throws IllegalAccessException if its package is not open to this module
   */
  public static Lookup rights(Class<?> host, @Nullable Lookup given) throws IllegalAccessException {
    AtomicReference<@Nullable Lookup> known = GIVEN.get(host);
    Lookup rights = known.get();
    if (rights == null) {
      Linkage.class.getModule().addReads(host.getModule());
      rights = MethodHandles.privateLookupIn(host, given == null ? OWN : given);
      known.set(rights);
    }
    return rights;
  }

  /**
   * Describes a generated class, before it is used.
   *
   * @param frame the generated class
   * @param site what people see of it
   * @param getters read what an instance of the body has captured, in order; none for a helper
   * @param services of the engine that has compiled it
   */
  public static void describe(
      Class<?> frame, BodySite site, List<MethodHandle> getters, EngineServices services) {
    Entry entry = ENTRIES.get(frame);
    entry.site = site;
    site.register(frame);
    entry.getters = List.copyOf(getters);
    entry.services = services;
  }

  /**
   * Called by a generated class when it is initialised.
   *
   * @param frame the generated class
   * @param prototype a frame that {@link #open} asks for new ones; null for a helper's class
   * @return what people see of it
   */
  public static BodySite begin(Class<?> frame, @Nullable Frame<?> prototype) {
    Entry entry = ENTRIES.get(frame);
    entry.prototype = prototype;
    BodySite site = entry.site;
    return site == null ? BodySite.unknown(frame) : site;
  }

  /**
   * The prototype of a body's class.
   *
   * @param frame the generated class, initialised
   * @return a frame that is never stepped
   */
  public static Frame<?> prototype(Class<?> frame) {
    return Objects.requireNonNull(ENTRIES.get(frame).prototype);
  }

  private static EngineServices services(Class<?> frame) {
    return Objects.requireNonNull(ENTRIES.get(frame).services);
  }

  /** Whether a class is that of the frames of a body, and not of a helper. */
  static boolean isBody(Class<?> type) {
    return Frame.class.isAssignableFrom(type) && ENTRIES.get(type).prototype != null;
  }

  /**
   * Where the body of a prototype stands.
   *
   * @param prototype of the body's class
   * @return file and line
   */
  public static String place(Frame<?> prototype) {
    return prototype.inspect().place();
  }

  /**
   * A frame for an instance of a body.
   *
   * @param prototype of the body's class
   * @param body the instance
   * @param handle what the body gets besides {@code co}, null if nothing
   * @return a new frame; null if this instance has to run on another engine
   */
  public static @Nullable Frame<?> open(Frame<?> prototype, Object body, @Nullable Object handle) {
    return prototype.fresh(body, handle);
  }

  /**
   * The {@code co} of a body, for bodies nested in it.
   *
   * @param body its frame, which executes
   * @return an object that the frame keeps
   */
  public static Awaiter capture(Frame<?> body) {
    CapturedAwaiter made = services(body.getClass()).awaiter(body);
    if (body instanceof AsyncGeneratorFrame<?> generator) {
      generator.keep(made);
    }
    return made;
  }

  /**
   * Whether a frame can wait through an awaiter that its body has captured.
   *
   * @param captured the awaiter
   * @return true for the {@code co} of a body, and for null, which fails where it is used
   */
  public static boolean isOfBody(@Nullable Object captured) {
    return captured == null || captured instanceof CapturedAwaiter;
  }

  /**
   * Called before an await through the {@code co} of an outer body, which suspends the frame that
   * executes.
   *
   * @param outer the {@code co}
   * @throws IllegalStateException if its body has ended, or belongs to another task
   */
  public static void checkNested(@Nullable Object outer) {
    ((CapturedAwaiter) Objects.requireNonNull(outer, "the co of the outer body is null"))
        .checkNested();
  }

  /**
   * Links the reading of a captured value.
   *
   * @param caller the generated class
   * @param name of the site
   * @param type of the site: takes the body, gives the value
   * @param index of the value
   * @return a constant call site
   */
  public static CallSite captured(Lookup caller, String name, MethodType type, int index) {
    return new ConstantCallSite(ENTRIES.get(caller.lookupClass()).getters.get(index).asType(type));
  }

  /**
   * Links a member that the host may use and the generated class may not.
   *
   * @param caller the generated class
   * @param name of the member
   * @param type of the site
   * @param host the class that the body comes from
   * @param kind one of the constants of this class
   * @param owner the class in which the member is looked up
   * @param method type of the method
   * @return a constant call site
   * @throws ReflectiveOperationException if there is no such member any more
   */
  public static CallSite member(
      Lookup caller,
      String name,
      MethodType type,
      Class<?> host,
      int kind,
      Class<?> owner,
      MethodType method)
      throws ReflectiveOperationException {
    Lookup rights = MethodHandles.privateLookupIn(host, caller);
    MethodHandle target =
        switch (kind) {
          case STATIC -> rights.findStatic(owner, name, method);
          case VIRTUAL -> rights.findVirtual(owner, name, method);
          case SPECIAL -> rights.findSpecial(owner, name, method, host);
          case CONSTRUCTOR -> rights.findConstructor(owner, method);
          case GET_STATIC -> rights.findStaticGetter(owner, name, type.returnType());
          case PUT_STATIC -> rights.findStaticSetter(owner, name, type.parameterType(0));
          case GET_FIELD -> rights.findGetter(owner, name, type.returnType());
          case PUT_FIELD -> rights.findSetter(owner, name, type.parameterType(1));
          default -> MethodHandles.constant(Lookup.class, rights);
        };
    return new ConstantCallSite(target.asType(type));
  }

  /**
   * Links a call of a method that the class of its receiver tells: the site makes the frame of the
   * call.
   *
   * @param caller the generated class
   * @param name of the method
   * @param type of the site: takes the receiver, all arguments but the {@code co} that the method
   *     gets as its own, and that as an object if the method may need one
   * @param host the class that the body comes from
   * @param owner the class that the call names
   * @param descriptor of the method
   * @param co index of the {@code co} that the method gets as its own; -1 if none
   * @param shape the shape of the frame
   * @param place file and line of the call
   * @return a call site that is linked to more methods as receivers come
   * @throws IllegalAccessException if the host's rights are lost
   */
  public static CallSite dispatched(
      Lookup caller,
      String name,
      MethodType type,
      Class<?> host,
      Class<?> owner,
      String descriptor,
      int co,
      String shape,
      String place)
      throws IllegalAccessException {
    Lookup rights = MethodHandles.privateLookupIn(host, caller);
    MethodType method =
        MethodType.fromMethodDescriptorString(descriptor, caller.lookupClass().getClassLoader());
    DispatchedCall call = new DispatchedCall(rights, owner, name, method, co, shape, place);
    return new DispatchSite(type, call, services(caller.lookupClass()));
  }

  /**
   * The same, where another call leads to it.
   *
   * @param type takes the receiver, the arguments, and maybe {@code co}, as a site does
   * @param call the call
   * @param services of the engine
   * @return makes the frame
   */
  public static MethodHandle dispatched(
      MethodType type, DispatchedCall call, EngineServices services) {
    return new DispatchSite(type, call, services).dynamicInvoker();
  }

  /**
   * Links a call that is made as it is, on a thread: the site makes its frame.
   *
   * @param caller the generated class
   * @param name of the method
   * @param type of the site: takes the operands of the call, without the body's {@code co}
   * @param host the class that the body comes from
   * @param operands tells which operands are that {@code co}
   * @param encoded the call, and the lambdas that it is given
   * @return a constant call site
   * @throws Throwable if the call cannot be linked
   */
  public static CallSite onThread(
      Lookup caller,
      String name,
      MethodType type,
      Class<?> host,
      String operands,
      Object... encoded)
      throws Throwable {
    return new ConstantCallSite(
        new RealCall(caller, name, operands, encoded)
            .frames(MethodHandles.privateLookupIn(host, caller), services(caller.lookupClass()))
            .asType(type));
  }

  /**
   * Links the question whether a mock answers a call: the site makes the frame of the call if so,
   * and gives null if not.
   *
   * @param caller the generated class
   * @param name of the method
   * @param type of the site: takes the receiver, if there is one, and all arguments but the {@code
   *     co} that the method gets as its own
   * @param host the class that the body comes from
   * @param kind {@link #STATIC} or {@link #VIRTUAL}
   * @param owner the class that the call names, or that declares the static method
   * @param descriptor of the method
   * @param co index of the {@code co} that the method gets as its own; -1 if none
   * @param shape the shape of the frame
   * @param place file and line of the call
   * @return a constant call site
   * @throws ReflectiveOperationException if the host's rights are lost
   */
  public static CallSite mocked(
      Lookup caller,
      String name,
      MethodType type,
      Class<?> host,
      int kind,
      Class<?> owner,
      String descriptor,
      int co,
      String shape,
      String place)
      throws ReflectiveOperationException {
    Lookup rights = MethodHandles.privateLookupIn(host, caller);
    MethodType method =
        MethodType.fromMethodDescriptorString(descriptor, caller.lookupClass().getClassLoader());
    DispatchedCall call = new DispatchedCall(rights, owner, name, method, co, shape, place);
    MethodHandle asked =
        new MockedCall(call, kind == STATIC, services(caller.lookupClass())).asked(type);
    return new ConstantCallSite(asked);
  }

  /**
   * Links an {@code invokedynamic} site of the host.
   *
   * @param caller the generated class
   * @param name of the site
   * @param type of the site
   * @param host the class that the body comes from
   * @param encoded the bootstrap method and its arguments; strings begin with {@link #TEXT}, {@link
   *     #HANDLE}, {@link #DYNAMIC} or {@link #TYPE}
   * @return what the bootstrap method makes
   * @throws Throwable what the bootstrap method throws
   */
  public static CallSite dynamic(
      Lookup caller, String name, MethodType type, Class<?> host, Object... encoded)
      throws Throwable {
    return dynamic(MethodHandles.privateLookupIn(host, caller), name, type, encoded);
  }

  /** The same, with the rights of the host. */
  static CallSite dynamic(Lookup rights, String name, MethodType type, Object[] encoded)
      throws Throwable {
    HostConstants constants = new HostConstants(rights, encoded);
    MethodHandle bootstrap = constants.nextHandle();
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(rights);
    arguments.add(name);
    arguments.add(type);
    while (constants.hasNext()) {
      arguments.add(constants.next());
    }
    return (CallSite) bootstrap.invokeWithArguments(arguments);
  }
}
