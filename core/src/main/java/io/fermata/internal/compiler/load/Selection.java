package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.ClassPath;
import io.fermata.internal.compiler.ImplementationFinder;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashMap;
import java.util.Map;

/**
 * The selection of the method that a call executes, for loaded classes: the file of each class is
 * read through the loader of that class.
 */
final class Selection {
  private Selection() {}

  /**
   * The class that has the method for receivers of one class.
   *
   * @param owner the class that the call names
   * @param name of the method
   * @param descriptor of the method
   * @param receiver the class of the receivers
   */
  static Class<?> select(Class<?> owner, String name, String descriptor, Class<?> receiver)
      throws NotCompilable {
    Map<String, Class<?>> types = new HashMap<>();
    collect(receiver, types);
    collect(owner, types);
    ClassPath path =
        wanted -> {
          Class<?> known = types.get(wanted);
          return new LoaderClassPath((known == null ? receiver : known).getClassLoader())
              .read(wanted);
        };
    String selected =
        new ImplementationFinder(new ClassFiles(path), name, descriptor)
            .select(internalName(owner), internalName(receiver));
    Class<?> declaring = types.get(selected);
    if (declaring == null || declaring.getClassLoader() == null) {
      throw new NotCompilable("its class belongs to the JDK");
    }
    return declaring;
  }

  private static void collect(Class<?> type, Map<String, Class<?>> types) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      types.put(internalName(at), at);
      for (Class<?> inherited : at.getInterfaces()) {
        collect(inherited, types);
      }
    }
  }

  /** As class files name it. */
  static String internalName(Class<?> type) {
    return type.getName().replace('.', '/');
  }
}
