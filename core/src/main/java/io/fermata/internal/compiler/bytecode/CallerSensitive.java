package io.fermata.internal.compiler.bytecode;

import java.util.Set;
import org.objectweb.asm.Handle;

/**
 * The methods of the JDK that look at the class of their caller.
 *
 * <p>Most of them ask for its class loader or its module. The generated class has those of the
 * host, so it may call these methods itself. The others ask for the rights of the class.
 */
public final class CallerSensitive {
  private CallerSensitive() {}

  /** Whether a method asks for the rights of its caller. */
  public static boolean looksAtClass(String owner, String name) {
    return switch (owner) {
      case "java/lang/Class" -> name.equals("newInstance");
      case "java/lang/reflect/AccessibleObject", "java/lang/reflect/Executable" ->
          changesAccess(name);
      case "java/lang/reflect/Constructor" -> name.equals("newInstance") || changesAccess(name);
      case "java/lang/reflect/Field" ->
          switch (name) {
            case "get",
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
                "setShort" ->
                true;
            default -> changesAccess(name);
          };
      case "java/lang/reflect/InvocationHandler" -> name.equals("invokeDefault");
      case "java/lang/reflect/Method" -> name.equals("invoke") || changesAccess(name);
      case "java/util/ServiceLoader" -> name.equals("load") || name.equals("loadInstalled");
      case "java/util/concurrent/atomic/AtomicIntegerFieldUpdater",
          "java/util/concurrent/atomic/AtomicLongFieldUpdater",
          "java/util/concurrent/atomic/AtomicReferenceFieldUpdater" ->
          name.equals("newUpdater");
      default -> false;
    };
  }

  private static boolean changesAccess(String name) {
    return name.equals("canAccess")
        || name.equals("setAccessible")
        || name.equals("trySetAccessible");
  }

  /** Whether a method asks for the class loader or the module of its caller. */
  private static boolean looksAtPlace(String owner, String name) {
    return switch (owner) {
      case "java/io/ObjectStreamClass" -> name.equals("forClass");
      case "java/io/ObjectStreamField" -> name.equals("getType");
      case "java/lang/Class" -> name.startsWith("get") || name.equals("forName");
      case "java/lang/ClassLoader" -> name.startsWith("get");
      case "java/lang/Module" -> name.startsWith("add") || name.equals("getResourceAsStream");
      case "java/lang/ModuleLayer$Controller" -> name.equals("enableNativeAccess");
      case "java/lang/Package" -> name.startsWith("getPackage");
      case "java/lang/Runtime" -> name.startsWith("load");
      case "java/lang/System" ->
          Set.of("getLogger", "load", "loadLibrary", "setSecurityManager").contains(name);
      case "java/lang/Thread" -> name.equals("getContextClassLoader");
      case "java/lang/foreign/AddressLayout" -> name.equals("withTargetLayout");
      case "java/lang/foreign/Linker" -> name.equals("downcallHandle") || name.equals("upcallStub");
      case "java/lang/foreign/MemorySegment" -> name.equals("reinterpret");
      case "java/lang/foreign/SymbolLookup" -> name.endsWith("Lookup");
      case "java/lang/invoke/MethodHandleProxies" -> name.equals("asInterfaceInstance");
      case "java/lang/reflect/Proxy" -> name.startsWith("get") || name.equals("newProxyInstance");
      case "java/security/AccessController" -> name.startsWith("doPrivileged");
      case "java/sql/DriverManager" ->
          name.startsWith("get") || name.equals("drivers") || name.equals("deregisterDriver");
      case "java/util/ResourceBundle" -> name.equals("getBundle") || name.equals("clearCache");
      case "java/util/logging/Logger" ->
          name.equals("getLogger") || name.equals("getAnonymousLogger");
      // calls of these have a pass of their own, or look at the whole stack
      case "java/lang/StackWalker" -> Set.of("forEach", "getCallerClass", "walk").contains(name);
      case "java/lang/invoke/MethodHandles" -> name.equals("lookup");
      default -> false;
    };
  }

  /** Whether a method looks at its caller in any way. */
  public static boolean contains(String owner, String name) {
    return looksAtClass(owner, name) || looksAtPlace(owner, name);
  }

  /** Whether a method handle is one of a method that looks at its caller. */
  public static boolean contains(Handle handle) {
    return contains(handle.getOwner(), handle.getName());
  }
}
