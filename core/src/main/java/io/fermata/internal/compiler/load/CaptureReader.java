package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.Linkage;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The method handles that read what a body has captured from an instance of it. */
final class CaptureReader {
  private CaptureReader() {}

  /**
   * One getter for each captured value, in the order in which they were captured.
   *
   * @param source the body
   * @param bodyClass the class of its instances
   * @param expected how many values the method behind the body takes
   * @param lookup the rights of the class that holds it, if they were given
   */
  static List<MethodHandle> getters(
      BodySource source, Class<?> bodyClass, int expected, MethodHandles.@Nullable Lookup lookup)
      throws NotCompilable {
    List<MethodHandle> getters;
    try {
      getters =
          source.isLambda()
              ? ofLambda(bodyClass, lookup)
              : List.of(MethodHandles.identity(Object.class)); // its host is the body itself
    } catch (IllegalAccessException unexpected) {
      throw new NotCompilable("what it has captured cannot be read (" + unexpected + ")");
    }
    if (getters.size() != expected || (source.isLambda() && expected != source.captured())) {
      throw new NotCompilable("what it has captured cannot be read");
    }
    return getters;
  }

  /** One getter for each value that a lambda has captured, in order. */
  static List<MethodHandle> ofLambda(Class<?> bodyClass, MethodHandles.@Nullable Lookup lookup)
      throws IllegalAccessException {
    Map<String, Field> fields = new TreeMap<>(); // arg$2 before arg$10
    for (Field field : bodyClass.getDeclaredFields()) {
      fields.put((char) field.getName().length() + field.getName(), field);
    }
    List<MethodHandle> getters = new ArrayList<>();
    MethodHandles.Lookup rights = Linkage.rights(bodyClass, lookup);
    for (Field field : fields.values()) {
      if ((field.getModifiers() & Modifier.STATIC) == 0) {
        getters.add(rights.unreflectGetter(field));
      }
    }
    return getters;
  }
}
