package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
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
 * @param carrier what it holds, for {@link Kind#CARRIER}
 */
record TypedValue(
    @Nullable Type type,
    Kind kind,
    @Nullable AbstractInsnNode allocation,
    @Nullable Carrier carrier)
    implements Value {
  enum Kind {
    /** Nothing. */
    PLAIN,
    /** Always null here. */
    NULL,
    /** Allocated, but its constructor has not run. */
    UNINITIALISED,
    /** The body's {@code co}, for which no object is there. */
    CO,
    /** The body's {@code co}, with an object that stands for it: see {@link CoObject}. */
    CO_OBJECT,
    /** The object that stands for {@code co}, or null. */
    CO_OR_NULL,
    /** The object that stands for {@code co}, that of an outer body, or null. */
    EITHER_CO,
    /** An object that holds {@code co} in a field, or null: see {@link Carrier}. */
    CARRIER,
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

  static final Type OBJECT = Assembler.OBJECT;

  /** Holds nothing that can be used. */
  static final TypedValue UNUSABLE = new TypedValue(null, Kind.PLAIN, null, null);

  static final TypedValue NULL = new TypedValue(OBJECT, Kind.NULL, null, null);

  private static final TypedValue INT = new TypedValue(Type.INT_TYPE, Kind.PLAIN, null, null);

  static TypedValue of(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> INT;
      default -> new TypedValue(type, Kind.PLAIN, null, null);
    };
  }

  static final TypedValue PERHAPS_CO = new TypedValue(null, Kind.PERHAPS_CO, null, null);

  static TypedValue uninitialised(Type type, AbstractInsnNode allocation) {
    return new TypedValue(type, Kind.UNINITIALISED, allocation, null);
  }

  static TypedValue co(Type type) {
    return new TypedValue(type, Kind.CO, null, null);
  }

  static TypedValue coObject(Type type) {
    return new TypedValue(type, Kind.CO_OBJECT, null, null);
  }

  static TypedValue coOrNull(Type type) {
    return new TypedValue(type, Kind.CO_OR_NULL, null, null);
  }

  static TypedValue eitherCo(Type type) {
    return new TypedValue(type, Kind.EITHER_CO, null, null);
  }

  static TypedValue carrier(Type type, Carrier carrier) {
    return new TypedValue(type, Kind.CARRIER, null, carrier);
  }

  /** The same as an object of another type. */
  TypedValue as(Type other) {
    return new TypedValue(other, kind, allocation, carrier);
  }

  static TypedValue outerCo(Type type) {
    return new TypedValue(type, Kind.OUTER_CO, null, null);
  }

  static TypedValue exact(Type type) {
    return new TypedValue(type, Kind.EXACT, null, null);
  }

  static TypedValue self(Type type) {
    return new TypedValue(type, Kind.SELF, null, null);
  }

  static TypedValue holder(Type type) {
    return new TypedValue(type, Kind.HOLDER, null, null);
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
            && Objects.equals(carrier, that.carrier)
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

  /** Whether it is the body's {@code co}, and not null. */
  boolean isCo() {
    return kind == Kind.CO || kind == Kind.CO_OBJECT;
  }

  /** Whether it is {@code co}, and what lies in its place on the stack is of no account. */
  boolean isWithoutObject() {
    return kind == Kind.CO;
  }

  /** Whether it is the body's {@code co}, or perhaps null. */
  boolean isCoOrNull() {
    return isCo() || kind == Kind.CO_OR_NULL;
  }

  /** Whether it is an object through which the body may await as through that of an outer one. */
  boolean isOuterCo() {
    return kind == Kind.OUTER_CO || kind == Kind.EITHER_CO;
  }

  boolean isHolder() {
    return kind == Kind.HOLDER;
  }

  boolean isCarrier() {
    return kind == Kind.CARRIER;
  }

  /** What it holds, for one that is a carrier. */
  Carrier held() {
    return Objects.requireNonNull(carrier);
  }

  /** Whether a cast makes it an object of the type that it is cast to, and no more is known. */
  boolean hasOrdinaryType() {
    return kind == Kind.PLAIN || kind == Kind.EXACT || kind == Kind.SELF;
  }

  /** Whether it is {@code co}, that of an outer body, or something that has captured one. */
  boolean leadsToCo() {
    return isCoOrNull() || isOuterCo() || kind == Kind.HOLDER || kind == Kind.CARRIER;
  }

  /** Whether it is {@code co}, or holds it, on some way that leads here. */
  boolean isPerhapsCo() {
    return isCoOrNull()
        || kind == Kind.EITHER_CO
        || kind == Kind.PERHAPS_CO
        || kind == Kind.CARRIER;
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
