package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.CallerSensitive;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Instructions that no pass can treat: subroutines, constants that the host would have twice, and
 * calls that are right in the host's own class only.
 */
final class UnsupportedCode {
  /** The constant of JaCoCo, which gives one object however often it is resolved. */
  private static final String COVERAGE = "$jacocoInit";

  /** Superclasses whose protected members nobody uses by reflection. */
  private static final Set<String> ROOTS =
      Set.of("java/lang/Object", "java/lang/Enum", "java/lang/Record");

  private final BodyMethod body;
  private final ClassFiles files;
  private int line;

  private UnsupportedCode(BodyMethod body, ClassFiles files) {
    this.body = body;
    this.files = files;
  }

  /** Makes sure that a method has none. */
  static void check(BodyMethod body, ClassFiles files) throws NotCompilable {
    new UnsupportedCode(body, files).check();
  }

  private void check() throws NotCompilable {
    for (AbstractInsnNode instruction : body.method().instructions) {
      if (instruction instanceof LineNumberNode number) {
        line = number.line;
      } else if (instruction.getOpcode() == Opcodes.JSR) {
        throw new NotCompilable("it has a subroutine, as compilers made them before Java 6");
      } else if (instruction instanceof LdcInsnNode load
          && load.cst instanceof ConstantDynamic constant) {
        checkShared(constant);
      } else if (instruction instanceof MethodInsnNode call) {
        checkCaller(call);
      }
    }
  }

  /**
   * A constant that other code of the host has too is resolved there a second time. That code sees
   * another object then, unless the bootstrap method gives the same one again.
   */
  private void checkShared(ConstantDynamic constant) throws NotCompilable {
    String bootstrap = constant.getBootstrapMethod().getName();
    boolean isStable =
        bootstrap.equals(COVERAGE)
            || (constant
                    .getBootstrapMethod()
                    .getOwner()
                    .equals("java/lang/invoke/ConstantBootstraps")
                && !bootstrap.equals("invoke"));
    if (!isStable && isUsedElsewhere(constant)) {
      throw refused(
          "it holds a constant that other code of its class holds too, and that only its own class"
              + " can resolve for both");
    }
  }

  /** Whether the class has a constant in a method that gets no {@code co}, so is not compiled. */
  private boolean isUsedElsewhere(ConstantDynamic constant) {
    boolean[] found = new boolean[1];
    files.read(
        body.owner(),
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            if (getsCo(descriptor)) {
              return null;
            }
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitLdcInsn(Object value) {
                found[0] |= value.equals(constant);
              }
            };
          }
        });
    return found[0];
  }

  private static boolean getsCo(String descriptor) {
    for (Type type : Type.getArgumentTypes(descriptor)) {
      if (Shape.isYielder(type)) {
        return true;
      }
    }
    return false;
  }

  private void checkCaller(MethodInsnNode call) throws NotCompilable {
    if (call.name.equals("registerAsParallelCapable")
        && call.desc.equals("()Z")
        && call.getOpcode() == Opcodes.INVOKESTATIC) {
      throw refused("registerAsParallelCapable() has to be called by the class itself");
    }
    if (CallerSensitive.looksAtClass(call.owner, call.name)) {
      String inherited = protectedElsewhere();
      if (inherited != null) {
        throw refused(
            call.name
                + "() looks at the rights of its caller, and only the class itself has those to the"
                + " protected members of "
                + inherited.replace('/', '.'));
      }
    }
  }

  /** A superclass in another package that has protected members; null if there is none. */
  private @Nullable String protectedElsewhere() {
    String own = HostAccess.packageOf(body.owner().name);
    String name = body.owner().superName;
    while (name != null && !ROOTS.contains(name)) {
      ClassNode superclass = files.find(name);
      if (superclass == null) {
        return null;
      }
      if (!HostAccess.packageOf(name).equals(own) && hasProtected(superclass)) {
        return name;
      }
      name = superclass.superName;
    }
    return null;
  }

  private static boolean hasProtected(ClassNode type) {
    for (MethodNode method : type.methods) {
      if (isProtected(method.access) && !method.name.equals("<init>")) {
        return true;
      }
    }
    for (FieldNode field : type.fields) {
      if (isProtected(field.access)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isProtected(int access) {
    return (access & Opcodes.ACC_PROTECTED) != 0;
  }

  private NotCompilable refused(String reason) {
    return new NotCompilable(reason + " at " + body.place(line));
  }
}
