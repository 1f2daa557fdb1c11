package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The origin of a method: a superclass, else the most specific of the interfaces (JVMS 5.4.3.3).
 */
final class Inheritance {
  /** A method, and the class that holds it. */
  record Member(ClassNode owner, MethodNode method) {}

  /** Marks what an interface declares without giving it to those that implement it. */
  private static final int NOT_INHERITED =
      Opcodes.ACC_ABSTRACT | Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;

  private final ClassFiles files;
  private final Function<ClassNode, @Nullable MethodNode> wanted;

  /**
   * Looks for one method.
   *
   * @param wanted finds it in a class that declares it
   */
  Inheritance(ClassFiles files, Function<ClassNode, @Nullable MethodNode> wanted) {
    this.files = files;
    this.wanted = wanted;
  }

  /** The method that a class has, null if it cannot be found. */
  @Nullable Member find(String className) {
    for (ClassNode at = files.find(className); at != null; at = superclass(at)) {
      MethodNode method = wanted.apply(at);
      if (method != null) {
        return new Member(at, method);
      }
    }
    return fromInterfaces(className);
  }

  private @Nullable ClassNode superclass(ClassNode node) {
    return node.superName == null ? null : files.find(node.superName);
  }

  private @Nullable Member fromInterfaces(String className) {
    List<Member> found = new ArrayList<>();
    for (ClassNode at = files.find(className); at != null; at = superclass(at)) {
      collect(at, found, new HashSet<>());
    }
    for (Member candidate : found) {
      boolean isMostSpecific =
          found.stream().noneMatch(other -> extendsIt(other.owner(), candidate.owner().name));
      if (isMostSpecific) {
        return candidate;
      }
    }
    return null;
  }

  private void collect(ClassNode node, List<Member> found, Set<String> seen) {
    for (String name : node.interfaces) {
      ClassNode inherited = seen.add(name) ? files.find(name) : null;
      if (inherited != null) {
        MethodNode method = wanted.apply(inherited);
        if (method != null && (method.access & NOT_INHERITED) == 0) {
          found.add(new Member(inherited, method));
        }
        collect(inherited, found, seen);
      }
    }
  }

  private boolean extendsIt(ClassNode node, String name) {
    for (String each : node.interfaces) {
      ClassNode inherited = files.find(each);
      if (each.equals(name) || (inherited != null && extendsIt(inherited, name))) {
        return true;
      }
    }
    return false;
  }
}
