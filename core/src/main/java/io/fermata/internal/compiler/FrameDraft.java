package io.fermata.internal.compiler;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * A frame's class in the making: one method, and the results of the passes over it. Each field is
 * written by the pass that its comment names.
 */
final class FrameDraft {
  /** The name of the class. */
  final String name;

  /** The target: whether its helpers may be replaced by mocks. */
  final boolean meetsMocks;

  /** The method. Its code is the draft's own as soon as the passes run, and they change it. */
  BodyMethod body;

  /** TypeFlow: what holds before each instruction, null where none leads to it. */
  @Nullable Frame<TypedValue>[] types = noTypes();

  /** SuspensionPoints, in the order of the code. */
  List<SuspensionPoint> points = List.of();

  /** HostAccess: the class file of a nestmate of the host, null if the code needs none. */
  byte @Nullable [] nestmate;

  /** Captures, then {@link BodyCompiler}: whether {@code co} has to be an object. */
  boolean needsCo;

  /** Liveness: the live locals before each instruction. */
  BitSet[] live = new BitSet[0];

  /** FieldLayout; null until it has run, which is the last pass over one method. */
  private @Nullable FieldLayout layout;

  /**
   * A draft that no pass has seen.
   *
   * @param body the method, without its code
   * @param name the name of the class
   * @param meetsMocks whether its helpers may be replaced by mocks
   */
  FrameDraft(BodyMethod body, String name, boolean meetsMocks) {
    this.body = body;
    this.name = name;
    this.meetsMocks = meetsMocks;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
  private static @Nullable Frame<TypedValue>[] noTypes() {
    return new Frame[0];
  }

  MethodNode code() {
    return body.method();
  }

  boolean isAnalysed() {
    return layout != null;
  }

  FieldLayout layout() {
    return Objects.requireNonNull(layout);
  }

  /** The types of the exceptions that the body catches, as variables have them. */
  Set<Type> caught() {
    Set<Type> caught = new HashSet<>();
    for (TryCatchBlockNode block : code().tryCatchBlocks) {
      Frame<TypedValue> handler = types[code().instructions.indexOf(block.handler)];
      if (handler != null) {
        caught.add(handler.getStack(0).known());
      }
    }
    return caught;
  }

  void layOut(FieldLayout fields) {
    layout = fields;
  }

  /** Whether its frame is a helper's that is given {@code co} as an object. */
  boolean takesCo() {
    return needsCo && body.helper();
  }
}
