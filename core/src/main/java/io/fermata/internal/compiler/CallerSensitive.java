package io.fermata.internal.compiler;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.Handle;

/**
 * The methods of the JDK that look at the class of their caller.
 *
 * <p>Most of them ask for its class loader or its module. The generated class has those of the
 * host, so it may call these methods itself. The others ask for the rights of the class.
 */
final class CallerSensitive {
  private static final String REFLECT = "java/lang/reflect/";
  private static final String ATOMIC = "java/util/concurrent/atomic/";
  private static final Set<String> ACCESS =
      Set.of("canAccess", "setAccessible", "trySetAccessible");

  /** What asks for the rights of its caller: names of methods by class. */
  private static final Map<String, Set<String>> RIGHTS = new TreeMap<>();

  /** What asks for the class loader or the module of its caller: names of methods by class. */
  private static final Map<String, Set<String>> PLACE = new TreeMap<>();

  static {
    RIGHTS.put("java/lang/Class", Set.of("newInstance"));
    RIGHTS.put(REFLECT + "AccessibleObject", ACCESS);
    RIGHTS.put(REFLECT + "Executable", ACCESS);
    RIGHTS.put(
        REFLECT + "Constructor",
        Set.of("newInstance", "canAccess", "setAccessible", "trySetAccessible"));
    RIGHTS.put(
        REFLECT + "Method", Set.of("invoke", "canAccess", "setAccessible", "trySetAccessible"));
    RIGHTS.put(
        REFLECT + "Field",
        Set.of(
            "get",
            "getBoolean",
            "getByte",
            "getChar",
            "getDouble",
            "getFloat",
            "getInt",
            "getLong",
            "getShort",
            "set",
            "setBoolean",
            "setByte",
            "setChar",
            "setDouble",
            "setFloat",
            "setInt",
            "setLong",
            "setShort",
            "canAccess",
            "setAccessible",
            "trySetAccessible"));
    RIGHTS.put(REFLECT + "InvocationHandler", Set.of("invokeDefault"));
    RIGHTS.put(ATOMIC + "AtomicIntegerFieldUpdater", Set.of("newUpdater"));
    RIGHTS.put(ATOMIC + "AtomicLongFieldUpdater", Set.of("newUpdater"));
    RIGHTS.put(ATOMIC + "AtomicReferenceFieldUpdater", Set.of("newUpdater"));
    RIGHTS.put("java/util/ServiceLoader", Set.of("load", "loadInstalled"));

    PLACE.put("java/io/ObjectStreamClass", Set.of("forClass"));
    PLACE.put("java/io/ObjectStreamField", Set.of("getType"));
    PLACE.put(
        "java/lang/Class",
        Set.of(
            "forName",
            "getClassLoader",
            "getClasses",
            "getConstructor",
            "getConstructors",
            "getDeclaredClasses",
            "getDeclaredConstructor",
            "getDeclaredConstructors",
            "getDeclaredField",
            "getDeclaredFields",
            "getDeclaredMethod",
            "getDeclaredMethods",
            "getDeclaringClass",
            "getEnclosingClass",
            "getEnclosingConstructor",
            "getEnclosingMethod",
            "getField",
            "getFields",
            "getMethod",
            "getMethods",
            "getNestHost",
            "getNestMembers",
            "getPermittedSubclasses",
            "getRecordComponents",
            "getResource",
            "getResourceAsStream"));
    PLACE.put(
        "java/lang/ClassLoader",
        Set.of("getParent", "getPlatformClassLoader", "getSystemClassLoader"));
    PLACE.put(
        "java/lang/Module",
        Set.of("addExports", "addOpens", "addReads", "addUses", "getResourceAsStream"));
    PLACE.put("java/lang/ModuleLayer$Controller", Set.of("enableNativeAccess"));
    PLACE.put("java/lang/Package", Set.of("getPackage", "getPackages"));
    PLACE.put("java/lang/Runtime", Set.of("load", "loadLibrary"));
    PLACE.put("java/lang/System", Set.of("getLogger", "load", "loadLibrary", "setSecurityManager"));
    PLACE.put("java/lang/Thread", Set.of("getContextClassLoader"));
    PLACE.put("java/lang/foreign/AddressLayout", Set.of("withTargetLayout"));
    PLACE.put("java/lang/foreign/Linker", Set.of("downcallHandle", "upcallStub"));
    PLACE.put("java/lang/foreign/MemorySegment", Set.of("reinterpret"));
    PLACE.put("java/lang/foreign/SymbolLookup", Set.of("libraryLookup", "loaderLookup"));
    PLACE.put("java/lang/invoke/MethodHandleProxies", Set.of("asInterfaceInstance"));
    PLACE.put(
        REFLECT + "Proxy", Set.of("getInvocationHandler", "getProxyClass", "newProxyInstance"));
    PLACE.put("java/security/AccessController", Set.of("doPrivileged", "doPrivilegedWithCombiner"));
    PLACE.put(
        "java/sql/DriverManager",
        Set.of("deregisterDriver", "drivers", "getConnection", "getDriver", "getDrivers"));
    PLACE.put("java/util/ResourceBundle", Set.of("clearCache", "getBundle"));
    PLACE.put("java/util/logging/Logger", Set.of("getAnonymousLogger", "getLogger"));
    // these have passes of their own, or look at the whole stack
    PLACE.put("java/lang/StackWalker", Set.of("forEach", "getCallerClass", "walk"));
    PLACE.put("java/lang/invoke/MethodHandles", Set.of("lookup"));
  }

  private CallerSensitive() {}

  /** Whether a method asks for the rights of its caller. */
  static boolean looksAtClass(String owner, String name) {
    Set<String> names = RIGHTS.get(owner);
    return names != null && names.contains(name);
  }

  /** Whether a method looks at its caller in any way. */
  static boolean contains(String owner, String name) {
    Set<String> names = PLACE.get(owner);
    return looksAtClass(owner, name) || (names != null && names.contains(name));
  }

  /** Whether a method handle is one of a method that looks at its caller. */
  static boolean contains(Handle handle) {
    return contains(handle.getOwner(), handle.getName());
  }
}
