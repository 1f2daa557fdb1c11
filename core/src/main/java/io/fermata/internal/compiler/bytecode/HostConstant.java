package io.fermata.internal.compiler.bytecode;

import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;

/**
 * The form in which a constant of the host is passed to a bootstrap method: only the host may
 * resolve method handles of its private methods, and constants that its bootstrap methods make.
 */
public final class HostConstant {
  private HostConstant() {}

  /** Whether a constant has to be resolved with the rights of the host. */
  public static boolean isIts(Object constant) {
    return constant instanceof Handle || constant instanceof ConstantDynamic;
  }

  /** A bootstrap method and its arguments. */
  public static List<Object> encode(Handle bootstrap, Object[] arguments) {
    List<Object> encoded = new ArrayList<>();
    add(bootstrap, encoded);
    for (Object argument : arguments) {
      add(argument, encoded);
    }
    return encoded;
  }

  /** Adds one constant. */
  public static void add(Object constant, List<Object> encoded) {
    if (constant instanceof Handle handle) {
      encoded.add(
          Linkage.HANDLE
              + String.join(
                  " ",
                  String.valueOf(handle.getTag()),
                  handle.getOwner(),
                  handle.getName(),
                  handle.getDesc()));
    } else if (constant instanceof ConstantDynamic dynamic) {
      int count = dynamic.getBootstrapMethodArgumentCount();
      encoded.add(
          Linkage.DYNAMIC + count + " " + dynamic.getName() + " " + dynamic.getDescriptor());
      add(dynamic.getBootstrapMethod(), encoded);
      for (int i = 0; i < count; i++) {
        add(dynamic.getBootstrapMethodArgument(i), encoded);
      }
    } else if (constant instanceof String text) {
      encoded.add(Linkage.TEXT + text);
    } else {
      encoded.add(constant);
    }
  }
}
