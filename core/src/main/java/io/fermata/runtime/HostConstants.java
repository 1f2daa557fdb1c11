package io.fermata.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a host that only the host may resolve: method handles, and constants that a
 * bootstrap method makes. The code of the host has them in its constant pool; generated classes
 * pass them to their bootstrap methods in a form that anyone may resolve, and this class decodes
 * that form.
 *
 * <p>A constant of a bootstrap method is resolved once for each host, as in the host itself: all
 * generated classes of the host see one object.
 */
final class HostConstants {
  /** The resolved constants of each host, by their encoded form. Guarded by themselves. */
  private static final ClassValue<Map<List<Object>, @Nullable Object>> RESOLVED =
      new ClassValue<>() {
        @Override
        protected Map<List<Object>, @Nullable Object> computeValue(Class<?> host) {
          return new HashMap<>();
        }
      };

  private final Lookup rights;
  private final Object[] encoded;
  private int next;

  /**
   * Decodes constants one after the other.
   *
   * @param rights those of the host
   * @param encoded the constants; strings begin with a mark of {@link Linkage}
   */
  HostConstants(Lookup rights, Object[] encoded) {
    this.rights = rights;
    this.encoded = encoded;
  }

  /** Whether there are more. */
  boolean hasNext() {
    return next < encoded.length;
  }

  /** The next constant. */
  @Nullable Object next() throws Throwable {
    int start = next++;
    if (!(encoded[start] instanceof String text)) {
      return encoded[start];
    }
    String rest = text.substring(Linkage.TEXT.length());
    return switch (text.substring(0, Linkage.TEXT.length())) {
      case Linkage.HANDLE -> handle(rest);
      case Linkage.DYNAMIC -> dynamic(start, rest);
      case Linkage.TYPE -> rest.startsWith("(") ? type(rest) : returned("()" + rest);
      default -> rest;
    };
  }

  /** The next constant, which is a method handle. */
  MethodHandle nextHandle() throws Throwable {
    return (MethodHandle) Objects.requireNonNull(next());
  }

  /** A constant that a bootstrap method makes: {@code count name descriptor}, and its parts. */
  private @Nullable Object dynamic(int start, String head) throws Throwable {
    String[] words = head.split(" ", -1);
    Class<?> type = returned("()" + words[2]);
    MethodHandle bootstrap = nextHandle();
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(rights);
    arguments.add(words[1]);
    arguments.add(type);
    for (int i = Integer.parseInt(words[0]); i > 0; i--) {
      arguments.add(next());
    }
    List<Object> key = List.copyOf(Arrays.asList(encoded).subList(start, next));
    Map<List<Object>, @Nullable Object> resolved = RESOLVED.get(rights.lookupClass());
    synchronized (resolved) {
      if (resolved.containsKey(key)) {
        return resolved.get(key);
      }
    }
    // outside the lock, as it is the program's code; of two threads the first counts
    Object made = bootstrap.invokeWithArguments(arguments);
    Object converted = MethodHandles.constant(type, made).invoke();
    synchronized (resolved) {
      if (resolved.containsKey(key)) {
        return resolved.get(key);
      }
      resolved.put(key, converted);
      return converted;
    }
  }

  private Class<?> returned(String descriptor) {
    return type(descriptor).returnType();
  }

  private MethodType type(String descriptor) {
    return MethodType.fromMethodDescriptorString(descriptor, loader());
  }

  private @Nullable ClassLoader loader() {
    return rights.lookupClass().getClassLoader();
  }

  /** A method handle: {@code kind owner name descriptor}. */
  private MethodHandle handle(String words) throws ReflectiveOperationException {
    String[] parts = words.split(" ", -1);
    int kind = Integer.parseInt(parts[0]); // JVMS 4.4.8
    Class<?> owner = Class.forName(parts[1].replace('/', '.'), false, loader());
    String name = parts[2];
    if (kind <= 4) {
      Class<?> field = returned("()" + parts[3]);
      return switch (kind) {
        case 1 -> rights.findGetter(owner, name, field);
        case 2 -> rights.findStaticGetter(owner, name, field);
        case 3 -> rights.findSetter(owner, name, field);
        default -> rights.findStaticSetter(owner, name, field);
      };
    }
    MethodType type = type(parts[3]);
    return switch (kind) {
      case 5, 9 -> rights.findVirtual(owner, name, type);
      case 6 -> rights.findStatic(owner, name, type);
      case 7 -> rights.findSpecial(owner, name, type, rights.lookupClass());
      case 8 -> rights.findConstructor(owner, type);
      default -> throw new IncompatibleClassChangeError("unknown kind of handle: " + words);
    };
  }
}
