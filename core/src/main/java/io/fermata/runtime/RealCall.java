package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * A call that is given lambdas which hold {@code co}, and that is made as it is, on a thread. The
 * site has the parts of the lambdas among its operands; the thread makes the lambdas from them,
 * with a {@code co} of its own.
 */
final class RealCall {
  private static final MethodHandle FRAME;

  static {
    try {
      FRAME =
          MethodHandles.lookup()
              .findVirtual(
                  RealCall.class,
                  "frame",
                  MethodType.methodType(
                      Object.class,
                      DispatchedCall.class,
                      MethodHandle.class,
                      EngineServices.class,
                      Object[].class));
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("RealCall", impossible);
    }
  }

  private final Lookup caller;
  private final String name;
  private final String operands;
  private final Object[] encoded;
  private int next;

  /**
   * A call.
   *
   * @param operands for each operand, whether it is the body's {@code co}
   * @param encoded the class that the call names, its descriptor, the shape of its frame, its
   *     place, and for each argument what makes it
   */
  RealCall(Lookup caller, String name, String operands, Object[] encoded) {
    this.caller = caller;
    this.name = name;
    this.operands = operands;
    this.encoded = encoded;
  }

  /** What makes the frames; it takes the operands but {@code co}. */
  MethodHandle frames(Lookup rights, EngineServices services) throws Throwable {
    Class<?> owner = (Class<?>) encoded[0];
    MethodType type =
        MethodType.fromMethodDescriptorString(
            (String) encoded[1], caller.lookupClass().getClassLoader());
    next = 4;
    MethodHandle whole = made(rights.findVirtual(owner, name, type), 1);
    int count = operands.length();
    int given = (int) operands.chars().filter(operand -> operand != 'c').count();
    // the thread's co comes last, and wherever the body's was
    int[] order = new int[count];
    int value = 0;
    for (int i = 0; i < count; i++) {
      order[i] = operands.charAt(i) == 'c' ? given : value++;
    }
    boolean hasCo = given < count;
    MethodType generic = MethodType.genericMethodType(hasCo ? given + 1 : given);
    MethodHandle method =
        MethodHandles.permuteArguments(whole.asType(whole.type().generic()), generic, order)
            .asSpreader(Object[].class, generic.parameterCount());
    DispatchedCall call =
        new DispatchedCall(
            rights,
            owner,
            name,
            type,
            hasCo ? given - 1 : -1,
            (String) encoded[2],
            (String) encoded[3]);
    return MethodHandles.insertArguments(FRAME, 0, this, call, method, services)
        .asCollector(Object[].class, given);
  }

  /** A handle that takes the parts of each lambda in its place, from an argument on. */
  private MethodHandle made(MethodHandle target, int first) throws Throwable {
    MethodHandle made = target;
    int position = first;
    int arguments = target.type().parameterCount() - first;
    for (int i = 0; i < arguments; i++) {
      String head = (String) encoded[next++];
      if (head.isEmpty()) {
        position++;
        continue;
      }
      String[] words = head.split(" ", -1);
      ClassLoader loader = caller.lookupClass().getClassLoader();
      Lookup home = home(Class.forName(words[2].replace('/', '.'), false, loader));
      MethodType type = MethodType.fromMethodDescriptorString(words[1], loader);
      int count = (Integer) encoded[next++];
      Object[] site = Arrays.copyOfRange(encoded, next, next + count);
      next += count;
      MethodHandle lambda = made(Linkage.dynamic(home, words[0], type, site).getTarget(), 0);
      made = MethodHandles.collectArguments(made, position, lambda);
      position += lambda.type().parameterCount();
    }
    return made;
  }

  /** The rights of the class that has a site in its code. */
  private Lookup home(Class<?> type) throws IllegalAccessException {
    boolean isOfThisModule = type.getModule() == caller.lookupClass().getModule();
    return isOfThisModule
        ? MethodHandles.privateLookupIn(type, caller) // in full, as lambdas need them
        : Linkage.rights(type, null);
  }

  @SuppressWarnings("unused") // by FRAME
  private Object frame(
      DispatchedCall call, MethodHandle method, EngineServices services, Object[] given) {
    Object[] arguments = call.co() < 0 ? given : Arrays.copyOf(given, given.length + 1);
    Object receiver = given[0];
    return services.onThread(
        call,
        method,
        arguments,
        "the class " + receiver.getClass().getName() + " may do more in it than iterate");
  }
}
