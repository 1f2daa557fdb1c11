package io.fermata.internal.compiler;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;

/**
 * An object that a body or its helpers have made and that holds {@code co} in a field: a parser
 * whose methods yield, an object of an inner class, a record. It goes nowhere but to code that the
 * compiler has read, so what it holds is always known. In the field lies the object that stands for
 * {@code co}.
 *
 * @param className its class, and no subclass of it
 * @param fields what its fields hold that lead to {@code co}, by {@link #key}
 * @param isNew whether it is the {@code this} of a constructor, which may store {@code co} in it
 */
record Carrier(String className, SortedMap<String, TypedValue> fields, boolean isNew) {
  /** Objects that hold objects that hold {@code co} end here. */
  private static final int MAXIMAL_DEPTH = 4;

  /** The name of a field, with the class that declares it. */
  static String key(FieldInsnNode access, ClassFiles files) {
    String declaring = access.owner;
    for (ClassNode at = files.find(access.owner); at != null; ) {
      if (at.fields.stream()
          .anyMatch(field -> field.name.equals(access.name) && field.desc.equals(access.desc))) {
        declaring = at.name;
        break;
      }
      at = at.superName == null ? null : files.find(at.superName);
    }
    return declaring + "." + access.name;
  }

  /** The {@code this} of a constructor. */
  static Carrier beingMade(String className, SortedMap<String, TypedValue> fields) {
    return new Carrier(className, fields, true);
  }

  /** The same when its constructor has run, or in a method that the constructor calls. */
  Carrier made() {
    return isNew ? new Carrier(className, fields, false) : this;
  }

  boolean isTooDeep() {
    return depth() > MAXIMAL_DEPTH;
  }

  private int depth() {
    int deepest = 0;
    for (TypedValue held : fields.values()) {
      if (held.carrier() != null) {
        deepest = Math.max(deepest, held.held().depth());
      }
    }
    return deepest + 1;
  }

  /** What is known of an object that is one of two; null if they have not the same fields. */
  @Nullable Carrier merge(Carrier other) {
    if (!className.equals(other.className)
        || isNew != other.isNew
        || !fields.keySet().equals(other.fields.keySet())) {
      return null;
    }
    SortedMap<String, TypedValue> merged = new TreeMap<>(fields);
    for (String key : other.fields.keySet()) {
      TypedValue both = merge(fields.get(key), other.fields.get(key));
      if (both == null) {
        return null;
      }
      merged.put(key, both);
    }
    return new Carrier(className, merged, isNew);
  }

  /** What a field holds that gets one of two values; null if it cannot be told. */
  static @Nullable TypedValue merge(@Nullable TypedValue first, @Nullable TypedValue second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    if (first.isCoOrNull() && second.isCoOrNull()) {
      return first.isCo() && second.isCo() ? first : TypedValue.coOrNull(first.known());
    }
    boolean isNull = second.kind() == TypedValue.Kind.NULL;
    if ((first.isOuterCo() && (second.isCoOrNull() || second.isOuterCo() || isNull))
        || (first.isCoOrNull() && second.isOuterCo())) {
      return TypedValue.outerCo(first.known());
    }
    if (first.isCarrier() && second.isCarrier()) {
      Carrier merged = first.held().merge(second.held());
      return merged == null ? null : TypedValue.carrier(first.known(), merged);
    }
    return isNull && first.isCarrier()
        ? first
        : isNull && first.isCoOrNull() ? TypedValue.coOrNull(first.known()) : null;
  }
}
