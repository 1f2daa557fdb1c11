package io.fermata.internal.compiler;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;

/**
 * The name of a frame's class: {@code Host$fermata$method$1}. It depends on the method, on what it
 * becomes, and on the class of its object where that is known; on nothing else of the program, and
 * not on the order in which bodies are used. So each JVM gives it again.
 *
 * <p>What follows the last dollar sign is a number and, where the method alone does not tell the
 * frames of a host apart, what does:
 *
 * <pre>
 * Host$fermata$lambda$evens$0$1            the body of a lambda
 * Host$fermata$evens$1                     a helper
 * Host$fermata$evens$1_generator           the same method as a body, by a method reference
 * Host$fermata$evens$1_overload1           the second method of that name in the class file
 * Host$fermata$run$1_generator_exact       the body of a named class
 * Host$fermata$run$1_generator_of_a_sSub   the same, inherited by a.Sub
 * Host$fermata$join$1_co2                  a helper of several co, the one in slot 2 being its own
 * Host$fermata$join$1_co                   a helper that only gets the co of outer bodies
 * Host$fermata$join$1_co0_and1             a helper that gets its co twice
 * Host$fermata$join$1_co_null0             a helper whose co may be null
 * Parser$fermata$parse$1_co_holder0x1f_exact  a method of an object that holds co
 * Host$fermata$each$1_given_1_lambda...    a helper that is given a lambda which holds co
 * </pre>
 *
 * <p>The number is that of the load. It is 1 for helpers: all bodies share the frame of a helper.
 * It is 0 for the body of a named class that a class loader above that of the object has: all that
 * inherit it share the frame, which knows none of their classes and outlives them. The JVM makes
 * one class per lambda expression; where several are of one method, such as two method references
 * or a lambda that was deserialised, each needs a class of frames, as each has fields of its own.
 * These are the same but for the number, which counts them as they are loaded.
 */
public final class FrameName {
  /** Stands between the host and the method. Stack traces are read back by it. */
  private static final String MARK = "$fermata$";

  /** The number of a frame that all bodies which inherit the method share. */
  public static final int SHARED = 0;

  private FrameName() {}

  /**
   * The internal name of a class.
   *
   * @param method what it is made from
   * @param load the number of the load, from 1 on, or {@link #SHARED}
   */
  public static String of(BodyMethod method, int load) {
    StringBuilder name = new StringBuilder(method.owner().name);
    name.append(MARK).append(method.method().name).append('$').append(load);
    boolean isLambda = (method.method().access & Opcodes.ACC_SYNTHETIC) != 0;
    BodyKind kind = method.kind();
    if (kind != null && !isLambda) {
      name.append('_').append(kind.name().toLowerCase(java.util.Locale.ROOT).replace("_", ""));
    } else if (kind == null && isLambda) {
      name.append("_helper");
    }
    int overload = overload(method);
    if (overload > 0) {
      name.append("_overload").append(overload);
    }
    boolean hasOneCo = yielders(method.method()) == 1 && method.coSlot() != BodyMethod.NO_CO;
    if (kind == null && !hasOneCo) {
      name.append("_co");
      if (method.coSlot() != BodyMethod.NO_CO) {
        name.append(method.coSlot());
      }
    }
    method.given().forEach((slot, known) -> name.append(given(slot, known)));
    if (method.method() instanceof SpecialisedMethod made) {
      name.append("_given_").append(made.id);
    }
    String self = method.self();
    if (self != null) {
      name.append(self.equals(method.owner().name) ? "_exact" : "_of_" + escaped(self));
    }
    return name.toString();
  }

  private static String given(int slot, TypedValue known) {
    return switch (known.kind()) {
      case CO -> "_and" + slot;
      case CARRIER -> "_holder" + slot + "x" + Integer.toHexString(known.toString().hashCode());
      default -> "_null" + slot;
    };
  }

  /** How many methods of the same name stand before it in the class file. */
  private static int overload(BodyMethod method) {
    String descriptor =
        method.method() instanceof SpecialisedMethod made ? made.origin : method.method().desc;
    int before = 0;
    for (MethodNode each : method.owner().methods) {
      if (each.name.equals(method.method().name)) {
        if (each.desc.equals(descriptor)) {
          break;
        }
        before++;
      }
    }
    return before;
  }

  private static int yielders(MethodNode method) {
    int count = 0;
    for (Type parameter : Type.getArgumentTypes(method.desc)) {
      count += Shape.isYielder(parameter) ? 1 : 0;
    }
    return count;
  }

  /** Without slashes and dollar signs, and different for different names. */
  private static String escaped(String internalName) {
    return internalName.replace("_", "_u").replace("/", "_s").replace("$", "_d");
  }
}
