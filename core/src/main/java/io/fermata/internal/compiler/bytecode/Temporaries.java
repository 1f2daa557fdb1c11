package io.fermata.internal.compiler.bytecode;

import org.objectweb.asm.Type;

/**
 * The local slots of {@code resume} behind those of the body, for values that one suspension point
 * needs for a moment. None is alive at the next one, so each starts anew.
 */
public final class Temporaries {
  private final int first;
  private int next;

  /** Slots from one on. */
  public Temporaries(int first) {
    this.first = first;
    this.next = first;
  }

  /** Frees all of them. */
  public void clear() {
    next = first;
  }

  /** A free slot. */
  public int allocate(Type type) {
    int slot = next;
    next += type.getSize();
    return slot;
  }
}
