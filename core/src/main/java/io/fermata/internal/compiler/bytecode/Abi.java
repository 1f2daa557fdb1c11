package io.fermata.internal.compiler.bytecode;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;

/**
 * The classes and members of the library that generated code links to, by name: the compiler loads
 * none of them. {@code AbiTest} checks that they exist.
 */
public final class Abi {
  /** The package of the runtime. */
  public static final String RUNTIME = "io/fermata/runtime/";

  /** The package of asynchronous bodies. */
  public static final String ASYNC = "io/fermata/async/";

  /** The class that all frames extend. */
  public static final String FRAME = RUNTIME + "Frame";

  /** Has the bootstrap methods. */
  public static final String LINKAGE = RUNTIME + "Linkage";

  /** The traces that a body passes on or asks for itself. */
  public static final String OWN_TRACES = RUNTIME + "OwnTraces";

  /** Has the objects that stand for the {@code co} of generators. */
  public static final String STAND_IN = RUNTIME + "StandIn";

  /** Has the bootstrap methods of what is done in the name of the host. */
  public static final String HOST_LINKAGE = RUNTIME + "HostLinkage";

  /** Checks for null, with the messages of plain code. */
  public static final String NULL_CHECKS = RUNTIME + "NullChecks";

  /** What people see of a body. */
  public static final String BODY_SITE = RUNTIME + "BodySite";

  /** What people see of a suspended frame. */
  public static final String INSPECTION = RUNTIME + "Inspection";

  /** Walks over the collections of the JDK. */
  public static final String WALKS = RUNTIME + "Walks";

  /** The type of the {@code co} of an asynchronous body. */
  public static final String AWAITER = ASYNC + "Awaiter";

  /** The state of a frame while its body executes. */
  public static final int RUNNING = -1;

  /** What {@code resume} returns: the body has yielded a value. */
  public static final int YIELDED = 0;

  /** What {@code resume} returns: the body waits for a delegate. */
  public static final int DELEGATED = 1;

  /** What {@code resume} returns: the body has ended. */
  public static final int RETURNED = 2;

  private static final String BOOTSTRAP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;";

  /** Links what an instance of a body has captured. */
  public static final Handle CAPTURED = bootstrap(LINKAGE, "captured", "I");

  /** Links a member that the host may use. */
  public static final Handle MEMBER =
      bootstrap(
          LINKAGE, "member", "Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/invoke/MethodType;");

  /** Links an {@code invokedynamic} site of the host. */
  public static final Handle DYNAMIC =
      bootstrap(LINKAGE, "dynamic", "Ljava/lang/Class;[Ljava/lang/Object;");

  /** Links a constant of the host. */
  public static final Handle CONSTANT =
      bootstrap(HOST_LINKAGE, "constant", "Ljava/lang/Class;[Ljava/lang/Object;");

  /** Links a call that a nestmate of the host makes. */
  public static final Handle NESTMATE = bootstrap(HOST_LINKAGE, "nestmate", "Ljava/lang/Class;");

  /** Links the initialisation of a class. */
  public static final Handle INITIALISE =
      bootstrap(HOST_LINKAGE, "initialise", "Ljava/lang/String;Ljava/lang/String;");

  /** Links a call of a method that the class of its receiver tells. */
  public static final Handle DISPATCHED =
      bootstrap(
          LINKAGE,
          "dispatched",
          "Ljava/lang/Class;Ljava/lang/Class;Ljava/lang/String;ILjava/lang/String;Ljava/lang/String;");

  /** Links a call that is made as it is, on a thread. */
  public static final Handle ON_THREAD =
      bootstrap(LINKAGE, "onThread", "Ljava/lang/Class;Ljava/lang/String;[Ljava/lang/Object;");

  /** Links the question whether a mock answers a call. */
  public static final Handle MOCKED =
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
