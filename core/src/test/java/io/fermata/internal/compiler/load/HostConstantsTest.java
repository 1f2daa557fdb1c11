package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Constants that a bootstrap method of the host makes, which javac never writes into a body. */
public class HostConstantsTest {
  private static final String HOST = HostConstantsTest.class.getPackageName() + ".Host";
  private static final String NAME = HOST.replace('.', '/');
  private static final String BOOTSTRAP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;"
          + "[Ljava/lang/Object;)Ljava/lang/Object;";
  private static final String OBJECT = "Ljava/lang/Object;";

  /** What the bootstrap methods were called with. */
  static final List<String> CALLS = new ArrayList<>();

  /** Called by the private bootstrap method of the host. */
  public static Object make(
      MethodHandles.Lookup lookup, String name, Class<?> type, Object... arguments) {
    CALLS.add(lookup.lookupClass().getSimpleName() + "." + name);
    if (name.equals("fails")) {
      throw new IllegalStateException(name);
    }
    if (type == long.class) {
      return 1L << 40;
    }
    return name.equals("absent") ? null : new Made(name, List.of(arguments));
  }

  /** A constant; none is equal to another. */
  static final class Made {
    final String name;
    final List<Object> arguments;

    Made(String name, List<Object> arguments) {
      this.name = name;
      this.arguments = arguments;
    }
  }

  private static ConstantDynamic constant(String name, String type, Object... arguments) {
    return madeBy("bootstrap", name, type, arguments);
  }

  private static ConstantDynamic madeBy(
      String bootstrap, String name, String type, Object... arguments) {
    Handle handle = new Handle(Opcodes.H_INVOKESTATIC, NAME, bootstrap, BOOTSTRAP, false);
    return new ConstantDynamic(name, type, handle, arguments);
  }

  /** A class whose {@code run} yields constants, and whose method {@code other} gives another. */
  private static Class<?> host(Object other, Object... constants) throws Exception {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC,
        NAME,
        null,
        "java/lang/Object",
        new String[] {Type.getInternalName(GeneratorBody.class)});
    writer.visitSource("Host.java", null);
    MethodVisitor create = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
    create.visitVarInsn(Opcodes.ALOAD, 0);
    create.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    create.visitInsn(Opcodes.RETURN);
    create.visitMaxs(0, 0);
    for (String name : List.of("bootstrap", "$jacocoInit")) {
      int flags = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_VARARGS;
      MethodVisitor bootstrap = writer.visitMethod(flags, name, BOOTSTRAP, null, null);
      for (int i = 0; i < 4; i++) {
        bootstrap.visitVarInsn(Opcodes.ALOAD, i);
      }
      String owner = Type.getInternalName(HostConstantsTest.class);
      bootstrap.visitMethodInsn(Opcodes.INVOKESTATIC, owner, "make", BOOTSTRAP, false);
      bootstrap.visitInsn(Opcodes.ARETURN);
      bootstrap.visitMaxs(0, 0);
    }
    MethodVisitor secret =
        writer.visitMethod(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC, "secret", "()" + OBJECT, null, null);
    secret.visitLdcInsn(other);
    secret.visitInsn(Opcodes.ARETURN);
    secret.visitMaxs(0, 0);
    String yielder = Type.getInternalName(Yielder.class);
    MethodVisitor run =
        writer.visitMethod(Opcodes.ACC_PUBLIC, "run", "(L" + yielder + ";)V", null, null);
    for (Object constant : constants) {
      run.visitVarInsn(Opcodes.ALOAD, 1);
      run.visitLdcInsn(constant);
      if (constant instanceof ConstantDynamic dynamic && dynamic.getDescriptor().equals("J")) {
        run.visitMethodInsn(
            Opcodes.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;", false);
      }
      run.visitMethodInsn(
          Opcodes.INVOKEINTERFACE, yielder, "yield", "(" + OBJECT + ")" + OBJECT, true);
      run.visitInsn(Opcodes.POP);
    }
    run.visitInsn(Opcodes.RETURN);
    run.visitMaxs(0, 0);
    writer.visitEnd();
    byte[] file = writer.toByteArray();
    CALLS.clear();
    return new ClassLoader(HostConstantsTest.class.getClassLoader()) {
      @Override
      protected Class<?> findClass(String name) {
        return defineClass(name, file, 0, file.length);
      }

      @Override
      public InputStream getResourceAsStream(String name) {
        return name.equals(NAME + ".class")
            ? new ByteArrayInputStream(file)
            : super.getResourceAsStream(name);
      }
    }.loadClass(HOST);
  }

  @SuppressWarnings("unchecked")
  private static Generator<Object> generator(Class<?> host) throws Exception {
    return Generator.of((GeneratorBody<Object>) host.getConstructor().newInstance());
  }

  private static List<Object> values(Class<?> host) throws Exception {
    Generator<Object> generator = generator(host);
    assertEquals("compiled", generator.engine(), generator.engineReason());
    return generator.toList();
  }

  @Test
  void aConstantIsResolvedOnceForItsHost() throws Exception {
    Class<?> host = host("", constant("one", OBJECT), constant("one", OBJECT));
    List<Object> values = values(host);
    assertSame(values.get(0), values.get(1));
    assertSame(values.get(0), values(host).get(0));
    assertEquals(List.of("Host.one"), CALLS);
  }

  @Test
  void differentConstantsAreDifferentObjects() throws Exception {
    List<Object> values = values(host("", constant("one", OBJECT), constant("two", OBJECT)));
    assertEquals("one", ((Made) values.get(0)).name);
    assertEquals("two", ((Made) values.get(1)).name);
  }

  @Test
  void aConstantIsAnArgumentOfAnother() throws Exception {
    ConstantDynamic inner = constant("inner", OBJECT, "text", 7);
    List<Object> values = values(host("", constant("outer", OBJECT, inner, "after"), inner));
    Made outer = (Made) values.get(0);
    assertSame(values.get(1), outer.arguments.get(0));
    assertEquals("after", outer.arguments.get(1));
    assertEquals(List.of("text", 7), ((Made) values.get(1)).arguments);
  }

  @Test
  void numbersAndNullAreConstants() throws Exception {
    Class<?> host = host("", constant("wide", "J"), constant("absent", OBJECT));
    List<Object> expected = new ArrayList<>();
    expected.add(1L << 40);
    expected.add(null);
    assertEquals(expected, values(host));
    values(host);
    assertEquals(List.of("Host.wide", "Host.absent"), CALLS);
  }

  @Test
  void aHandleOfAPrivateMethodIsAConstant() throws Throwable {
    Handle secret = new Handle(Opcodes.H_INVOKESTATIC, NAME, "secret", "()" + OBJECT, false);
    List<Object> values = values(host("found", secret));
    assertEquals("found", ((MethodHandle) values.get(0)).invoke());
  }

  @Test
  void aFailureIsThatOfTheJvm() throws Exception {
    Class<?> host = host("", "first", constant("fails", OBJECT));
    Generator<Object> generator = generator(host);
    assertEquals("first", generator.next());
    BootstrapMethodError error = assertThrows(BootstrapMethodError.class, generator::next);
    assertEquals(IllegalStateException.class, error.getCause().getClass());
  }

  @Test
  void theConstantOfACoverageToolMayBeResolvedTwice() throws Exception {
    ConstantDynamic probes = madeBy("$jacocoInit", "probes", OBJECT);
    assertEquals("probes", ((Made) values(host(probes, probes)).get(0)).name);
  }

  @Test
  void aConstantThatOtherCodeHasTooIsOneObjectOnAThread() throws Exception {
    ConstantDynamic shared = constant("shared", OBJECT);
    Class<?> host = host(shared, shared, "second");
    Generator<Object> generator = generator(host);
    assertEquals("thread", generator.engine());
    assertTrue(
        generator.engineReason().contains("a constant that other code of its class holds too"),
        generator.engineReason());
    var secret = host.getDeclaredMethod("secret");
    secret.setAccessible(true);
    assertSame(secret.invoke(null), generator.next());
  }
}
