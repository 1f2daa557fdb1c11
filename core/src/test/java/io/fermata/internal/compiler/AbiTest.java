package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Linkage;
import io.fermata.runtime.Resumable;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The names that the compiler writes into classes are those of the library. */
class AbiTest {
  @Test
  void statesAndOutcomesAreThoseOfTheRuntime() throws Exception {
    Field running = Frame.class.getDeclaredField("RUNNING");
    running.setAccessible(true);
    assertEquals(running.getInt(null), Abi.RUNNING);
    assertEquals(Resumable.YIELDED, Abi.YIELDED);
    assertEquals(Resumable.DELEGATED, Abi.DELEGATED);
    assertEquals(Resumable.RETURNED, Abi.RETURNED);
  }

  @Test
  void bootstrapMethodsExist() throws Exception {
    for (var handle :
        List.of(
            Abi.CAPTURED,
            Abi.MEMBER,
            Abi.DYNAMIC,
            Abi.DISPATCHED,
            Abi.MOCKED,
            Abi.CONSTANT,
            Abi.NESTMATE,
            Abi.INITIALISE)) {
      assertTrue(
          Arrays.stream(Class.forName(handle.getOwner().replace('/', '.')).getMethods())
              .anyMatch(
                  method ->
                      method.getName().equals(handle.getName())
                          && Type.getMethodDescriptor(method).equals(handle.getDesc())),
          handle.toString());
    }
  }

  @Test
  void shapesNameFramesOfTheRuntime() throws Exception {
    for (Shape shape : Shape.values()) {
      Class<?> frame = Class.forName(shape.frame.replace('/', '.'));
      assertTrue(Frame.class.isAssignableFrom(frame), shape.frame);
      assertTrue(Class.forName(shape.yielder.replace('/', '.')).isInterface(), shape.yielder);
      assertEquals(shape.yielded, Type.getType(field(frame, shape.yieldedField).getType()));
      assertEquals(
          shape.yieldedOwner,
          Type.getInternalName(field(frame, shape.yieldedField).getDeclaringClass()));
    }
  }

  @Test
  void kindsNameBodiesThatTakeTheirCo() throws Exception {
    for (BodyKind kind : BodyKind.values()) {
      Class<?> body = Class.forName(kind.bodyType().replace('/', '.'));
      Method run =
          Arrays.stream(body.getMethods())
              .filter(method -> method.getName().equals("run"))
              .findFirst()
              .orElseThrow();
      assertEquals(kind.shape().yielder, Type.getInternalName(run.getParameterTypes()[0]));
      assertEquals(1 + kind.handles(), run.getParameterCount(), kind.name());
      assertEquals(kind.keepsResult(), run.getReturnType() != void.class, kind.name());
    }
  }

  @Test
  void membersThatFramesUseExist() throws Exception {
    List<String> missing = new ArrayList<>();
    for (String code :
        List.of(
            "static co=0 kind=ASYNC_GENERATOR (Lio/fermata/async/AsyncYielder;)V",
            "static co=1 kind=SCOPE (Lio/fermata/async/Awaiter;Lio/fermata/async/Awaiter;"
                + "Lio/fermata/async/TaskGroup;)Ljava/lang/Object;")) {
      String result = code.endsWith("V") ? "  RETURN" : "  ACONST_NULL\n  ARETURN";
      List<String> lines = new ArrayList<>(List.of(code));
      lines.addAll(List.of(result.split("\n", -1)));
      FrameDraft draft = Scene.parse(lines).draft();
      draft.needsCo = true;
      MethodNode resume = new ResumeEmitter(draft, Drafts.ofHelpers(draft)).emit().method();
      for (MethodNode method : new FrameEmitter(draft).emit(List.of(resume)).methods) {
        for (AbstractInsnNode at : method.instructions) {
          check(at, missing);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void framesBeginAndHoldAsTheEmittersCallThem() throws Exception {
    assertTrue(hasMethod(Frame.class, "begin", "(Ljava/lang/Object;)Z"));
    assertTrue(
        hasMethod(Frame.class, "beginDelegate", "(Ljava/lang/Object;Ljava/lang/Throwable;)Z"));
    assertTrue(hasMethod(Frame.class, "hold", "(Ljava/lang/Object;)V"));
    assertTrue(hasMethod(Frame.class, "returned", "(Ljava/lang/Object;)Ljava/lang/Object;"));
    assertTrue(hasMethod(Frame.class, "isCall", "()Z"));
    assertTrue(hasMethod(Frame.class, "ended", "()V"));
    assertTrue(
        hasMethod(
            Frame.class, "fresh", "(Ljava/lang/Object;Ljava/lang/Object;)L" + Abi.FRAME + ";"));
    assertTrue(hasMethod(Linkage.class, "checkNested", "(Ljava/lang/Object;)V"));
  }

  private static void check(AbstractInsnNode at, List<String> missing) throws Exception {
    if (at instanceof FieldInsnNode field && field.owner.startsWith(Abi.RUNTIME)) {
      field(Class.forName(field.owner.replace('/', '.')), field.name);
    } else if (at instanceof MethodInsnNode call
        && call.owner.startsWith(Abi.RUNTIME)
        && !hasMethod(Class.forName(call.owner.replace('/', '.')), call.name, call.desc)) {
      missing.add(call.owner + "." + call.name + call.desc);
    } else if (at instanceof InvokeDynamicInsnNode site) {
      assertEquals(Opcodes.H_INVOKESTATIC, site.bsm.getTag());
    }
  }

  private static boolean hasMethod(Class<?> owner, String name, String descriptor) {
    List<Executable> all = new ArrayList<>();
    for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
      all.addAll(List.of(at.getDeclaredMethods()));
    }
    return name.equals("<init>")
        || all.stream()
            .anyMatch(
                each ->
                    each.getName().equals(name)
                        && Type.getMethodDescriptor((Method) each).equals(descriptor));
  }

  private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
      for (Field each : at.getDeclaredFields()) {
        if (each.getName().equals(name)) {
          return each;
        }
      }
    }
    throw new NoSuchFieldException(owner + "." + name);
  }
}
