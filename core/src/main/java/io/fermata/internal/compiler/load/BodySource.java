package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyReference;
import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.Shape;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The method that a body stands for, and its place in the source.
 *
 * <p>Bodies are serializable, so a lambda's {@code writeReplace} names the method behind it. It is
 * asked once per class of bodies; the bytecode is read when somebody looks at the place.
 */
public final class BodySource {
  private static final ClassValue<AtomicReference<@Nullable BodySource>> FOUND =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable BodySource> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  /** The method of all types of bodies. */
  private static final String RUN = "run";

  /** In the names of the classes that the JDK makes for lambdas, follows the host's name. */
  private static final String LAMBDA = "$$Lambda";

  private final @Nullable ClassLoader loader;
  private final String className;
  private final String method;
  private final @Nullable String descriptor;
  private final boolean isLambda;
  private final int captured;

  /** The class in which the lambda was made, if that may be another one; in the form of names. */
  private final @Nullable String maker;

  private volatile @Nullable String place;

  private BodySource(
      @Nullable ClassLoader loader,
      String className,
      String method,
      @Nullable String descriptor,
      boolean isLambda,
      int captured,
      @Nullable String maker) {
    this.loader = loader;
    this.className = className;
    this.method = method;
    this.descriptor = descriptor;
    this.isLambda = isLambda;
    this.captured = captured;
    this.maker = maker;
  }

  /** Where a body comes from. */
  public static BodySource of(Object body, MethodHandles.@Nullable Lookup lookup) {
    AtomicReference<@Nullable BodySource> cell = FOUND.get(body.getClass());
    BodySource found = cell.get();
    if (found == null) {
      found = find(body, lookup);
      cell.set(found);
    }
    return found;
  }

  private static BodySource find(Object body, MethodHandles.@Nullable Lookup lookup) {
    Class<?> type = body.getClass();
    SerializedLambda lambda = type.isSynthetic() ? serialized(body, type, lookup) : null;
    int mark = type.getName().indexOf(LAMBDA);
    if (lambda == null && type.isHidden() && mark > 0) {
      String host = type.getName().substring(0, mark);
      return new BodySource(type.getClassLoader(), host, LAMBDA, null, true, 0, null);
    }
    if (lambda == null) {
      return new BodySource(
          type.getClassLoader(), type.getName(), RUN, null, type.isHidden(), 0, null);
    }
    if (!isOfRun(lambda)) {
      // its interface has the body, as a default method, and the lambda is something that it calls
      String declaring = lambda.getFunctionalInterfaceClass().replace('/', '.');
      return new BodySource(type.getClassLoader(), declaring, RUN, null, false, 0, null);
    }
    return new BodySource(
        type.getClassLoader(),
        lambda.getImplClass().replace('/', '.'),
        lambda.getImplMethodName(),
        lambda.getImplMethodSignature(),
        true,
        lambda.getCapturedArgCount(),
        lambda.getCapturingClass());
  }

  /**
   * Whether the lambda is what {@code run} does; else its interface has another abstract method.
   */
  private static boolean isOfRun(SerializedLambda lambda) {
    Type[] parameters = Type.getArgumentTypes(lambda.getFunctionalInterfaceMethodSignature());
    return lambda.getFunctionalInterfaceMethodName().equals(RUN)
        && parameters.length >= 1
        && Shape.isYielder(parameters[0]);
  }

  private static @Nullable SerializedLambda serialized(
      Object body, Class<?> type, MethodHandles.@Nullable Lookup lookup) {
    try {
      if (lookup != null) {
        return (SerializedLambda)
            MethodHandles.privateLookupIn(type, lookup)
                .findVirtual(type, "writeReplace", MethodType.methodType(Object.class))
                .invoke(body);
      }
      Method writeReplace = type.getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      return (SerializedLambda) writeReplace.invoke(body);
    } catch (Throwable closedModuleOrNoLambda) {
      return null;
    }
  }

  /** Where the class that holds the method is read. */
  LoaderClassPath path() {
    return new LoaderClassPath(loader);
  }

  /** The loader of the class that holds the method. */
  @Nullable ClassLoader loader() {
    return loader;
  }

  /** The name of the method in the class files. */
  BodyReference reference() throws NotCompilable {
    if (loader == null) {
      throw new NotCompilable("its class belongs to the JDK");
    }
    if (isLambda && descriptor == null) {
      throw new NotCompilable(closed(className));
    }
    return new BodyReference(className.replace('.', '/'), method, descriptor, isLambda);
  }

  /** Why nothing is known of a class, or can be added to its package. */
  static String closed(String className) {
    return "the module of "
        + className
        + " does not open its package to io.fermata; open it, or pass MethodHandles.lookup()"
        + " as the first argument";
  }

  /** Whether it is a lambda or a method reference. */
  boolean isLambda() {
    return isLambda;
  }

  /** How many values the lambda has captured. */
  int captured() {
    return captured;
  }

  /** {@code Printer.java:12}, or the class where the line is not known. */
  @Override
  public String toString() {
    String known = place;
    if (known == null) {
      known = readPlace();
      place = known;
    }
    return known;
  }

  private String readPlace() {
    String own = ownPlace();
    if (maker == null || descriptor == null || own.contains(":")) {
      return own;
    }
    byte[] file = ClassFiles.bytes(path(), maker.replace('.', '/'));
    String reference =
        file == null ? null : ReferencePlace.find(file, className, method, descriptor);
    return reference == null ? own : reference;
  }

  private String ownPlace() {
    byte[] file = ClassFiles.bytes(path(), className.replace('.', '/'));
    if (file == null) {
      return "class " + className;
    }
    try {
      FirstLine line = new FirstLine(method, descriptor);
      new ClassReader(file).accept(line, ClassReader.SKIP_FRAMES);
      return line.toString(className);
    } catch (RuntimeException unreadable) {
      return "class " + className;
    }
  }

  /** Finds the first line of a method. */
  private static final class FirstLine extends ClassVisitor {
    private final String method;
    private final @Nullable String descriptor;
    private @Nullable String file;
    private int first = Integer.MAX_VALUE;

    FirstLine(String method, @Nullable String descriptor) {
      super(Opcodes.ASM9);
      this.method = method;
      this.descriptor = descriptor;
    }

    @Override
    public void visitSource(@Nullable String source, @Nullable String debug) {
      file = source;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String type,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
      if (bridge || !name.equals(method) || (descriptor != null && !type.equals(descriptor))) {
        return null;
      }
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitLineNumber(int line, Label start) {
          first = Math.min(first, line);
        }
      };
    }

    String toString(String className) {
      if (file == null) {
        return "class " + className;
      }
      return first == Integer.MAX_VALUE ? file : file + ":" + first;
    }
  }
}
