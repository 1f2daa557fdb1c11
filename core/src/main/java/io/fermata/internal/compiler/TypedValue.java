package io.fermata.internal.compiler;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.analysis.Value;

/**
 * The content of a local or a stack slot before an instruction, as far as it is known.
 *
 * @param type its type as the JVM verifies it, ints for everything smaller; null if it is unusable
 * @param kind what is special about it
 * @param allocation the {@code NEW} instruction, for an object whose constructor has not run
 */
record TypedValue(@Nullable Type type, Kind kind, @Nullable AbstractInsnNode allocation)
    implements Value {
  enum Kind {
    /** Nothing. */
    PLAIN,
    /** Always null here. */
    NULL,
    /** Allocated, but its constructor has not run. */
    UNINITIALISED,
    /** The body's {@code co}. */
    CO,
    /** {@code co} or something else, by the way that was taken. */
    PERHAPS_CO,
    /** The {@code co} of an outer body, which this one has captured; an object. */
    OUTER_CO,
    /** An object that a {@code new} of this method has made: its class is its type, no subclass. */
    EXACT,
    /** The object whose method this is, where its class is known: see {@link BodyMethod#self}. */
    SELF,
    /** A lambda that has captured a {@code co}, or perhaps one. */
    HOLDER
  }

  static final Type OBJECT = Type.getObjectType("java/lang/Object");

  /** Holds nothing that can be used. */
  static final TypedValue UNUSABLE = new TypedValue(null, Kind.PLAIN, null);

  static final TypedValue NULL = new TypedValue(OBJECT, Kind.NULL, null);

  private static final TypedValue INT = new TypedValue(Type.INT_TYPE, Kind.PLAIN, null);

  static TypedValue of(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> INT;
      default -> new TypedValue(type, Kind.PLAIN, null);
    };
  }

  static final TypedValue PERHAPS_CO = new TypedValue(null, Kind.PERHAPS_CO, null);

  static TypedValue uninitialised(Type type, AbstractInsnNode allocation) {
    return new TypedValue(type, Kind.UNINITIALISED, allocation);
  }

  static TypedValue co(Type type) {
    return new TypedValue(type, Kind.CO, null);
  }

  static TypedValue outerCo(Type type) {
    return new TypedValue(type, Kind.OUTER_CO, null);
  }

  static TypedValue exact(Type type) {
    return new TypedValue(type, Kind.EXACT, null);
  }

  static TypedValue self(Type type) {
    return new TypedValue(type, Kind.SELF, null);
  }

  static TypedValue holder(Type type) {
    return new TypedValue(type, Kind.HOLDER, null);
  }

  /**
   * By hand: the analysis spends much of its time here, and what a record generates is slow at
   * first.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof TypedValue that
            && kind == that.kind
            && allocation == that.allocation
            && Objects.equals(type, that.type));
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, kind);
  }

  @Override
  public int getSize() {
    return type == null ? 1 : type.getSize();
  }

  boolean isCo() {
    return kind == Kind.CO;
  }

  boolean isOuterCo() {
    return kind == Kind.OUTER_CO;
  }

  boolean isHolder() {
    return kind == Kind.HOLDER;
  }

  /** Whether a cast makes it an object of the type that it is cast to, and no more is known. */
  boolean hasOrdinaryType() {
    return kind == Kind.PLAIN || kind == Kind.EXACT || kind == Kind.SELF;
  }

  /** Whether it is {@code co}, that of an outer body, or something that has captured one. */
  boolean leadsToCo() {
    return kind == Kind.CO || kind == Kind.OUTER_CO || kind == Kind.HOLDER;
  }

  /** Whether it is {@code co} on some way that leads here. */
  boolean isPerhapsCo() {
    return kind == Kind.CO || kind == Kind.PERHAPS_CO;
  }

  boolean isUsable() {
    return type != null;
  }

  boolean isReference() {
    return type != null && type.getSort() >= Type.ARRAY;
  }

  /** The type, of a value that is usable. */
  Type known() {
    return Objects.requireNonNull(type);
  }

  /** Whether it has to be kept while suspended: null and co are made again from nothing. */
  boolean isKept() {
    return isUsable() && kind != Kind.CO && kind != Kind.NULL;
  }

  boolean isAlwaysNull() {
    return kind == Kind.NULL;
  }
}
