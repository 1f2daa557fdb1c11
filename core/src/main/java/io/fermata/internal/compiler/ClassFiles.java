package io.fermata.internal.compiler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The class files of a class path, read as files: no class is loaded or initialised earlier than
 * the program itself would.
 */
public final class ClassFiles {
  private static final String OBJECT = "java/lang/Object";

  /** The newest version that ASM reads; a newer file is read as if it had this one. */
  private static final int NEWEST = Opcodes.V25;

  private final ClassPath path;
  private final Map<String, @Nullable ClassNode> nodes = new HashMap<>();
  private final Map<String, ClassReader> readers = new HashMap<>();

  /** The files of a class path, each read once. */
  public ClassFiles(ClassPath path) {
    this.path = path;
  }

  /** A class with its members but without their code, null if there is no file to read. */
  @Nullable ClassNode find(String internalName) {
    if (!nodes.containsKey(internalName)) {
      nodes.put(internalName, read(internalName));
    }
    return nodes.get(internalName);
  }

  private @Nullable ClassNode read(String internalName) {
    byte[] file = bytes(path, internalName);
    if (file == null) {
      return null;
    }
    try {
      ClassReader reader = new ClassReader(file);
      ClassNode node = new ClassNode();
      reader.accept(node, ClassReader.SKIP_CODE);
      readers.put(internalName, reader);
      return node;
    } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
      return null;
    }
  }

  /**
   * A method with its code, which is the caller's to change. Of a class of many methods only this
   * one is read.
   *
   * @param owner a class that was found here
   * @param outline the method in it
   */
  MethodNode withCode(ClassNode owner, MethodNode outline) {
    MethodNode method =
        new MethodNode(
            outline.access,
            outline.name,
            outline.desc,
            outline.signature,
            outline.exceptions.toArray(new String[0]));
    Objects.requireNonNull(readers.get(owner.name))
        .accept(new OneMethod(method), ClassReader.SKIP_FRAMES);
    return method;
  }

  /** Reads the code of a class that was found here. */
  void read(ClassNode owner, ClassVisitor visitor) {
    Objects.requireNonNull(readers.get(owner.name))
        .accept(visitor, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
  }

  /** Fills one method, and has the others skipped. */
  private static final class OneMethod extends ClassVisitor {
    private final MethodNode wanted;

    OneMethod(MethodNode wanted) {
      super(Opcodes.ASM9);
      this.wanted = wanted;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return name.equals(wanted.name) && descriptor.equals(wanted.desc) ? wanted : null;
    }
  }

  /** The bytes of a class file, with a version that ASM accepts; null if there is none. */
  public static byte @Nullable [] bytes(ClassPath path, String internalName) {
    byte[] file = path.read(internalName);
    if (file == null) {
      return null;
    }
    int major = (file[6] & 0xff) << 8 | (file[7] & 0xff);
    if (major > NEWEST) {
      file[4] = 0; // no preview flag
      file[5] = 0;
      file[6] = 0;
      file[7] = (byte) NEWEST;
    }
    return file;
  }

  /**
   * Whether the initialisation of a class executes code of the program: its own, that of a
   * superclass, or that of an interface, which counts even where the JVM would leave it out.
   */
  boolean executesInitialiser(String internalName) {
    if (internalName.startsWith("java/")) {
      return false;
    }
    ClassNode node = find(internalName);
    if (node == null || SuspensionPoints.method(node, "<clinit>", "()V") != null) {
      return true;
    }
    for (String inherited : node.interfaces) {
      if (executesInitialiser(inherited)) {
        return true;
      }
    }
    return node.superName != null && executesInitialiser(node.superName);
  }

  boolean isInterface(String internalName) {
    ClassNode node = find(internalName);
    return node != null && (node.access & Opcodes.ACC_INTERFACE) != 0;
  }

  /** The closest class that both extend; Object for interfaces and for what cannot be read. */
  String commonSuperclass(String first, String second) {
    if (first.equals(second)) {
      return first;
    }
    Set<String> supers = new HashSet<>();
    for (String at = first; at != null && supers.add(at); ) {
      ClassNode node = find(at);
      if (node == null || (node.access & Opcodes.ACC_INTERFACE) != 0) {
        break;
      }
      at = node.superName;
    }
    if (isInterface(first) || isInterface(second)) {
      return OBJECT;
    }
    for (String at = second; at != null; ) {
      if (supers.contains(at)) {
        return at;
      }
      ClassNode node = find(at);
      at = node == null ? null : node.superName;
    }
    return OBJECT;
  }
}
