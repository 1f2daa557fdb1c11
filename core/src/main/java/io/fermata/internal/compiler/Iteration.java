package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Emission;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The calls of the JDK that only iterate: each becomes a loop over what {@code Walks} of the
 * runtime gives for the receiver. That is an iterator which does the same as the call, if the
 * receiver's class does not override the method in an unknown way; else null, and the call is made
 * for real.
 *
 * <pre>{@code
 * list.forEach(each)                  Iterator walk = Walks.of(list);
 *                                     if (walk == null) the call, on a thread
 *                                     else while (walk.hasNext()) each(walk.next());
 * }</pre>
 */
enum Iteration {
  /** {@code Iterable.forEach}. */
  ITERABLE("forEach", "(Ljava/util/function/Consumer;)V", "java/lang/Iterable"),
  /** {@code Map.forEach}. */
  MAP("forEach", "(Ljava/util/function/BiConsumer;)V", "java/util/Map"),
  /** {@code Iterator.forEachRemaining}. */
  ITERATOR("forEachRemaining", "(Ljava/util/function/Consumer;)V", "java/util/Iterator"),
  /** The same for ints. */
  INTS(
      "forEachRemaining",
      "(Ljava/util/function/IntConsumer;)V",
      "java/util/PrimitiveIterator$OfInt"),
  /** The same for longs. */
  LONGS(
      "forEachRemaining",
      "(Ljava/util/function/LongConsumer;)V",
      "java/util/PrimitiveIterator$OfLong"),
  /** The same for doubles. */
  DOUBLES(
      "forEachRemaining",
      "(Ljava/util/function/DoubleConsumer;)V",
      "java/util/PrimitiveIterator$OfDouble");

  private static final String ITERATOR_TYPE = "java/util/Iterator";
  private static final String ENTRY = "Ljava/util/Map$Entry;";

  private final String method;
  private final String descriptor;
  private final String declaring;

  Iteration(String method, String descriptor, String declaring) {
    this.method = method;
    this.descriptor = descriptor;
    this.declaring = declaring;
  }

  /** The one that a call is, whatever the class of its receiver; null if it is none. */
  static @Nullable Iteration of(MethodInsnNode call, ClassFiles files) {
    for (Iteration each : values()) {
      if (call.name.equals(each.method)
          && call.desc.equals(each.descriptor)
          && call.getOpcode() != Opcodes.INVOKESPECIAL
          && call.getOpcode() != Opcodes.INVOKESTATIC
          && isA(call.owner, each.declaring, files, new HashSet<>())) {
        return each;
      }
    }
    return null;
  }

  private static boolean isA(String name, String wanted, ClassFiles files, Set<String> seen) {
    if (name.equals(wanted)) {
      return true;
    }
    ClassNode type = seen.add(name) ? files.find(name) : null;
    if (type == null) {
      return false;
    }
    if (type.superName != null && isA(type.superName, wanted, files, seen)) {
      return true;
    }
    for (String each : type.interfaces) {
      if (isA(each, wanted, files, seen)) {
        return true;
      }
    }
    return false;
  }

  private Type walk() {
    return switch (this) {
      case ITERABLE, MAP, ITERATOR -> Type.getObjectType(ITERATOR_TYPE);
      default -> Type.getObjectType(declaring);
    };
  }

  /**
   * Writes the loop.
   *
   * @param receiver the slot of the receiver
   * @param isOwn whether nobody else knows the receiver
   * @param walk the first of two free slots
   * @param each writes what takes an element from the stack, or a key and its value
   * @param real writes the call as it is
   */
  void loop(Assembler out, int receiver, boolean isOwn, int walk, Emission each, Emission real)
      throws NotCompilable {
    LabelNode head = new LabelNode();
    LabelNode slow = new LabelNode();
    LabelNode done = new LabelNode();
    out.load(receiver, TypedValue.OBJECT);
    out.invokeStatic(
        Abi.WALKS, isOwn ? "ofOwn" : "of", "(L" + declaring + ";)" + walk().getDescriptor());
    out.op(Opcodes.DUP).store(walk, TypedValue.OBJECT);
    out.jump(Opcodes.IFNULL, slow);
    out.label(head);
    out.load(walk, TypedValue.OBJECT);
    invoke(out, ITERATOR_TYPE, "hasNext", "()Z");
    out.jump(Opcodes.IFEQ, done);
    next(out, walk);
    each.write(out);
    out.jump(Opcodes.GOTO, head);
    out.label(slow);
    real.write(out);
    out.label(done);
  }

  private void next(Assembler out, int walk) {
    out.load(walk, TypedValue.OBJECT);
    switch (this) {
      case INTS -> invoke(out, declaring, "nextInt", "()I");
      case LONGS -> invoke(out, declaring, "nextLong", "()J");
      case DOUBLES -> invoke(out, declaring, "nextDouble", "()D");
      default -> invoke(out, ITERATOR_TYPE, "next", "()Ljava/lang/Object;");
    }
    if (this == MAP) {
      int entry = walk + 1;
      out.add(new TypeInsnNode(Opcodes.CHECKCAST, "java/util/Map$Entry"));
      out.op(Opcodes.DUP).store(entry, TypedValue.OBJECT);
      out.invokeStatic(Abi.WALKS, "key", "(" + ENTRY + ")Ljava/lang/Object;");
      out.load(entry, TypedValue.OBJECT);
      out.invokeStatic(Abi.WALKS, "value", "(" + ENTRY + ")Ljava/lang/Object;");
    }
  }

  private static void invoke(Assembler out, String owner, String name, String descriptor) {
    out.add(new MethodInsnNode(Opcodes.INVOKEINTERFACE, owner, name, descriptor, true));
  }
}
