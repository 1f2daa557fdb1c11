package io.fermata.runtime;

import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The walks that compiled bodies make in the place of {@code forEach} and {@code forEachRemaining}:
 * an iterator for each receiver that gives the same elements at the same times, and throws the
 * same.
 *
 * <p>What a call does depends on the class that declares the method. The interfaces of the JDK
 * iterate; some classes of the JDK do something else, which a walk of this package repeats. For
 * every other class, such as one of the program that overrides the method, the answer is null: the
 * call has to be made for real.
 *
 * <pre>
 * ITERATOR       for (x : receiver) each(x)
 * FAIL_FAST      the same, and after each element it throws if the receiver was modified
 * FAIL_LATE      it goes on, and throws at the end if the receiver was modified; see HashWalk
 * VALUES         the same for values
 * SPLITERATOR    weakly consistent: the next element is looked for when it is asked for
 * UNKNOWN        something else
 * </pre>
 */
public final class Walks {
  private enum Way {
    ITERATOR,
    FAIL_FAST,
    FAIL_LATE,
    VALUES,
    SPLITERATOR,
    UNKNOWN
  }

  private static final ClassValue<Way> ITERABLES = ways("forEach", Consumer.class);
  private static final ClassValue<Way> MAPS = ways("forEach", BiConsumer.class);
  private static final ClassValue<Way> ITERATORS = ways("forEachRemaining", Consumer.class);
  private static final ClassValue<Way> INTS = ways("forEachRemaining", IntConsumer.class);
  private static final ClassValue<Way> LONGS = ways("forEachRemaining", LongConsumer.class);
  private static final ClassValue<Way> DOUBLES = ways("forEachRemaining", DoubleConsumer.class);

  /** The methods of the receiver that a walk uses in the place of the one that was called. */
  private static final Set<String> USED = Set.of("iterator", "entrySet", "spliterator");

  private Walks() {}

  private static ClassValue<Way> ways(String name, Class<?> parameter) {
    return new ClassValue<>() {
      @Override
      protected Way computeValue(Class<?> type) {
        try {
          Class<?> declaring = type.getMethod(name, parameter).getDeclaringClass();
          Way way = declaring.getClassLoader() == null ? way(declaring.getName()) : Way.UNKNOWN;
          return declaring.isInterface() || usesOwn(type) ? way : Way.UNKNOWN;
        } catch (NoSuchMethodException | LinkageError unknown) {
          return Way.UNKNOWN;
        }
      }
    };
  }

  /** What the JDK's implementation in a class does. */
  private static Way way(String declaring) {
    return switch (declaring) {
      case "java.lang.Iterable",
          "java.util.Map",
          "java.util.Iterator",
          "java.util.PrimitiveIterator$OfInt",
          "java.util.PrimitiveIterator$OfLong",
          "java.util.PrimitiveIterator$OfDouble",
          "java.util.Arrays$ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$EmptySet",
          "java.util.Collections$EmptyMap",
          "java.util.Collections$EmptyIterator",
          "java.util.Collections$SingletonList",
          "java.util.Collections$SingletonSet",
          "java.util.Collections$SingletonMap",
          "java.util.ImmutableCollections$List12",
          "java.util.ImmutableCollections$Map1",
          "java.util.ImmutableCollections$Set12",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet" ->
          Way.ITERATOR;
      case "java.util.ArrayList",
          "java.util.ArrayList$Itr",
          "java.util.TreeMap",
          "java.util.IdentityHashMap" ->
          Way.FAIL_FAST;
      case "java.util.HashMap",
          "java.util.HashMap$KeySet",
          "java.util.HashMap$EntrySet",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashMap$LinkedKeySet",
          "java.util.LinkedHashMap$LinkedEntrySet" ->
          Way.FAIL_LATE;
      case "java.util.HashMap$Values", "java.util.LinkedHashMap$LinkedValues" -> Way.VALUES;
      case "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentHashMap$KeySetView",
          "java.util.concurrent.ConcurrentHashMap$ValuesView",
          "java.util.concurrent.ConcurrentHashMap$EntrySetView" ->
          Way.SPLITERATOR;
      default -> Way.UNKNOWN;
    };
  }

  /** Whether no class of the program overrides what a walk uses. */
  private static boolean usesOwn(Class<?> type) {
    for (Class<?> at = type; at != null && at.getClassLoader() != null; at = at.getSuperclass()) {
      for (var method : at.getDeclaredMethods()) {
        if (method.getParameterCount() == 0 && USED.contains(method.getName())) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The walk of {@code receiver.forEach}.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static @Nullable Iterator<?> of(Iterable<?> receiver) {
    return switch (ITERABLES.get(receiver.getClass())) {
      case ITERATOR -> receiver.iterator();
      case FAIL_FAST -> new FailFastWalk<>(receiver);
      case FAIL_LATE -> new HashWalk<>(receiver);
      case VALUES -> new ValuesWalk<>(receiver);
      case SPLITERATOR -> new SpliteratorWalk<>(receiver.spliterator());
      case UNKNOWN -> null;
    };
  }

  /**
   * The walk of {@code receiver.forEach}.
   *
   * @param receiver the receiver
   * @return gives entries, for {@link #key} and {@link #value}; null if the call has to be made for
   *     real
   */
  public static @Nullable Iterator<?> of(Map<?, ?> receiver) {
    return switch (MAPS.get(receiver.getClass())) {
      case ITERATOR -> receiver.entrySet().iterator();
      case FAIL_FAST -> new FailFastWalk<>(receiver.entrySet());
      case FAIL_LATE -> new HashWalk<>(receiver.entrySet());
      case SPLITERATOR -> new SpliteratorWalk<>(receiver.entrySet().spliterator());
      case VALUES, UNKNOWN -> null;
    };
  }

  /**
   * The key of an entry, as {@code Map.forEach} reads it.
   *
   * @param entry what a walk of a map gives
   * @return the key
   */
  public static @Nullable Object key(Map.Entry<?, ?> entry) {
    try {
      return entry.getKey();
    } catch (IllegalStateException removed) {
      throw new ConcurrentModificationException(removed);
    }
  }

  /**
   * The value of an entry, as {@code Map.forEach} reads it.
   *
   * @param entry what a walk of a map gives
   * @return the value
   */
  public static @Nullable Object value(Map.Entry<?, ?> entry) {
    try {
      return entry.getValue();
    } catch (IllegalStateException removed) {
      throw new ConcurrentModificationException(removed);
    }
  }

  /**
   * The walk of {@code receiver.forEachRemaining}, where nobody else knows the receiver: an
   * iterator of an {@code ArrayList} moves at the end of the call only.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static @Nullable Iterator<?> ofOwn(Iterator<?> receiver) {
    return ITERATORS.get(receiver.getClass()) == Way.FAIL_FAST
        ? new OwnIteratorWalk<>(receiver)
        : of(receiver);
  }

  /**
   * The walk of {@code receiver.forEachRemaining}.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static @Nullable Iterator<?> of(Iterator<?> receiver) {
    return ITERATORS.get(receiver.getClass()) == Way.ITERATOR ? receiver : null;
  }

  /**
   * The walk of {@code receiver.forEachRemaining}.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static PrimitiveIterator.@Nullable OfInt of(PrimitiveIterator.OfInt receiver) {
    return INTS.get(receiver.getClass()) == Way.ITERATOR ? receiver : null;
  }

  /**
   * The walk of {@code receiver.forEachRemaining}.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static PrimitiveIterator.@Nullable OfLong of(PrimitiveIterator.OfLong receiver) {
    return LONGS.get(receiver.getClass()) == Way.ITERATOR ? receiver : null;
  }

  /**
   * The walk of {@code receiver.forEachRemaining}.
   *
   * @param receiver the receiver
   * @return gives the elements; null if the call has to be made for real
   */
  public static PrimitiveIterator.@Nullable OfDouble of(PrimitiveIterator.OfDouble receiver) {
    return DOUBLES.get(receiver.getClass()) == Way.ITERATOR ? receiver : null;
  }
}
