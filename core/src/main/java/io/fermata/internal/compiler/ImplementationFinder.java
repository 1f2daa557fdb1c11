package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The search for the method that a call executes, by the class of its receiver: the selection of
 * the JVM (JVMS 5.4.6) in class files.
 */
public final class ImplementationFinder {
  private static final int VISIBLE_TO_SUBCLASSES = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;
  private static final int NOT_SELECTED = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;

  private final ClassFiles files;
  private final String name;
  private final String descriptor;

  /**
   * Looks for the implementations of one method.
   *
   * @param files where the classes are read
   * @param name of the method
   * @param descriptor of the method
   */
  public ImplementationFinder(ClassFiles files, String name, String descriptor) {
    this.files = files;
    this.name = name;
    this.descriptor = descriptor;
  }

  /**
   * The class that has the method for receivers of one class.
   *
   * @param owner the class that the call names
   * @param receiver the class of the receivers, and no subclass of it
   * @throws NotCompilable if there is none, more than one, or a class that cannot be read
   */
  public String select(String owner, String receiver) throws NotCompilable {
    Inheritance.Member named = new Inheritance(files, this::in).find(owner);
    for (ClassNode at = read(receiver); at != null; at = superclass(at)) {
      MethodNode method = in(at);
      if (method != null && (named == null || overrides(at, method, named))) {
        return at.name;
      }
    }
    List<Inheritance.Member> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ClassNode at = read(receiver); at != null; at = superclass(at)) {
      collect(at, found, seen);
    }
    List<Inheritance.Member> specific = new ArrayList<>(found);
    specific.removeIf(
        member -> found.stream().anyMatch(other -> extendsIt(other.owner(), member.owner().name)));
    specific.removeIf(member -> (member.method().access & Opcodes.ACC_ABSTRACT) != 0);
    if (specific.size() != 1) {
      throw new NotCompilable("it has no such method, or several");
    }
    return specific.get(0).owner().name;
  }

  /**
   * The method as a helper, which is compiled once for all classes that inherit it.
   *
   * @param owner the class that has it
   * @param co index of the parameter that it gets as its own {@code co}; -1 if none
   * @param shape the frame that it becomes
   */
  public BodyMethod helper(String owner, int co, Shape shape) throws NotCompilable {
    ClassNode declaring = read(owner);
    MethodNode method = in(declaring);
    if (method == null || (method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw new NotCompilable(
          SuspensionPoints.simpleName(owner) + "." + name + "() has no bytecode");
    }
    if (co < 0) {
      return new BodyMethod(declaring, method, BodyMethod.NO_CO, shape, null, null);
    }
    Type[] parameters = Type.getArgumentTypes(descriptor);
    int slot = (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
    for (int i = 0; i < co; i++) {
      slot += parameters[i].getSize();
    }
    if (!parameters[co].equals(Type.getObjectType(shape.yielder))) {
      throw new NotCompilable(name + "() takes co as an object of another type");
    }
    return new BodyMethod(declaring, method, slot, shape, null, null);
  }

  /** Whether the method of a class is executed for all objects that have it. */
  public boolean isExact(String owner) throws NotCompilable {
    ClassNode declaring = read(owner);
    MethodNode method = in(declaring);
    return method != null
        && ((method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL)) != 0
            || (declaring.access & Opcodes.ACC_FINAL) != 0);
  }

  /** JVMS 5.4.5. */
  private boolean overrides(ClassNode type, MethodNode method, Inheritance.Member named)
      throws NotCompilable {
    if (method == named.method()) {
      return true;
    }
    if ((method.access & NOT_SELECTED) != 0) {
      return false;
    }
    if ((named.method().access & VISIBLE_TO_SUBCLASSES) != 0
        || HostAccess.packageOf(type.name).equals(HostAccess.packageOf(named.owner().name))) {
      return true;
    }
    // a class between the two may have made a method of the package visible to more classes
    for (ClassNode at = superclass(type);
        at != null && !at.name.equals(named.owner().name);
        at = superclass(at)) {
      MethodNode between = in(at);
      if (between != null
          && overrides(at, between, named)
          && overrides(type, method, new Inheritance.Member(at, between))) {
        return true;
      }
    }
    return false;
  }

  private void collect(ClassNode node, List<Inheritance.Member> found, Set<String> seen)
      throws NotCompilable {
    for (String each : node.interfaces) {
      if (seen.add(each)) {
        ClassNode inherited = read(each);
        MethodNode method = in(inherited);
        if (method != null && (method.access & NOT_SELECTED) == 0) {
          found.add(new Inheritance.Member(inherited, method));
        }
        collect(inherited, found, seen);
      }
    }
  }

  /** Whether an interface extends another; all that it extends have been read. */
  private boolean extendsIt(ClassNode node, String wanted) {
    for (String each : node.interfaces) {
      ClassNode inherited = files.find(each);
      if (each.equals(wanted) || (inherited != null && extendsIt(inherited, wanted))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable ClassNode superclass(ClassNode node) throws NotCompilable {
    return node.superName == null ? null : read(node.superName);
  }

  private ClassNode read(String internalName) throws NotCompilable {
    ClassNode node = files.find(internalName);
    if (node == null) {
      throw new NotCompilable(
          "the bytecode of " + internalName.replace('/', '.') + " cannot be read");
    }
    return node;
  }

  private @Nullable MethodNode in(ClassNode owner) {
    return SuspensionPoints.method(owner, name, descriptor);
  }
}
