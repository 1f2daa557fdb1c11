package io.fermata.internal.compiler;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;

/**
 * The classes and members of the library that generated code links to, by name: the compiler loads
 * none of them. {@code AbiTest} checks that they exist.
 */
final class Abi {
  /** The package of the runtime. */
  static final String RUNTIME = "io/fermata/runtime/";

  /** The package of asynchronous bodies. */
  static final String ASYNC = "io/fermata/async/";

  /** The class that all frames extend. */
  static final String FRAME = RUNTIME + "Frame";

  /** Has the bootstrap methods. */
  static final String LINKAGE = RUNTIME + "Linkage";

  /** Has the bootstrap methods of what is done in the name of the host. */
  static final String HOST_LINKAGE = RUNTIME + "HostLinkage";

  /** What people see of a body. */
  static final String BODY_SITE = RUNTIME + "BodySite";

  /** What people see of a suspended frame. */
  static final String INSPECTION = RUNTIME + "Inspection";

  /** The type of the {@code co} of an asynchronous body. */
  static final String AWAITER = ASYNC + "Awaiter";

  /** The state of a frame while its body executes. */
  static final int RUNNING = -1;

  /** What {@code resume} returns: the body has yielded a value. */
  static final int YIELDED = 0;

  /** What {@code resume} returns: the body waits for a delegate. */
  static final int DELEGATED = 1;

  /** What {@code resume} returns: the body has ended. */
  static final int RETURNED = 2;

  private static final String BOOTSTRAP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;";

  /** Links what an instance of a body has captured. */
  static final Handle CAPTURED = bootstrap(LINKAGE, "captured", "I");

  /** Links a member that the host may use. */
  static final Handle MEMBER =
      bootstrap(
          LINKAGE, "member", "Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/invoke/MethodType;");

  /** Links an {@code invokedynamic} site of the host. */
  static final Handle DYNAMIC =
      bootstrap(LINKAGE, "dynamic", "Ljava/lang/Class;[Ljava/lang/Object;");

  /** Links a constant of the host. */
  static final Handle CONSTANT =
      bootstrap(HOST_LINKAGE, "constant", "Ljava/lang/Class;[Ljava/lang/Object;");

  /** Links a call that a nestmate of the host makes. */
  static final Handle NESTMATE = bootstrap(HOST_LINKAGE, "nestmate", "Ljava/lang/Class;");

  /** Links the initialisation of a class. */
  static final Handle INITIALISE =
      bootstrap(HOST_LINKAGE, "initialise", "Ljava/lang/String;Ljava/lang/String;");

  /** Links a call of a method that the class of its receiver tells. */
  static final Handle DISPATCHED =
      bootstrap(
          LINKAGE,
          "dispatched",
          "Ljava/lang/Class;Ljava/lang/Class;Ljava/lang/String;ILjava/lang/String;Ljava/lang/String;");

  /** Links the question whether a mock answers a call. */
  static final Handle MOCKED =
      bootstrap(
          LINKAGE,
          "mocked",
          "Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;ILjava/lang/String;Ljava/lang/String;");

  private Abi() {}

  private static Handle bootstrap(String owner, String name, String parameters) {
    return new Handle(
        Opcodes.H_INVOKESTATIC,
        owner,
        name,
        BOOTSTRAP + parameters + ")Ljava/lang/invoke/CallSite;",
        false);
  }
}
