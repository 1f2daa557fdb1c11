package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Liveness;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * A method in a small world of classes, which are made without a compiler: {@code demo.Host} holds
 * the method; {@code demo.Base} and {@code far.Root} are its superclasses, the second of another
 * package.
 */
final class Scene {
  static final String HOST = "demo/Host";

  final BodyMethod body;
  final ClassFiles files = new ClassFiles(Scene::read);
  final List<String> words;

  private Scene(BodyMethod body, List<String> words) {
    this.body = body;
    this.words = words;
  }

  /**
   * Reads a case. Its first line: {@code static} or nothing, the descriptor, and {@code co=SLOT},
   * {@code kind=KIND} or {@code helper=SHAPE}, {@code self}, {@code synchronized}.
   */
  static Scene parse(List<String> lines) {
    List<String> words = List.of(lines.get(0).split(" +", -1));
    int access = words.contains("static") ? Opcodes.ACC_STATIC : 0;
    access |= words.contains("synchronized") ? Opcodes.ACC_SYNCHRONIZED : 0;
    String descriptor = words.stream().filter(word -> word.startsWith("(")).findFirst().get();
    int co = BodyMethod.NO_CO;
    BodyKind kind = BodyKind.GENERATOR;
    Shape shape = null;
    String self = words.contains("self") ? HOST : null;
    for (String word : words) {
      String value = word.substring(word.indexOf('=') + 1);
      if (word.startsWith("co=")) {
        co = Integer.parseInt(value);
      } else if (word.startsWith("kind=")) {
        kind = BodyKind.valueOf(value);
      } else if (word.startsWith("helper=")) {
        kind = null;
        shape = Shape.valueOf(value);
      }
    }
    MethodNode code = Listing.parse(access, "body", descriptor, lines.subList(1, lines.size()));
    Shape frame = shape == null ? Objects.requireNonNull(kind).shape() : shape;
    return new Scene(new BodyMethod(host(), code, co, frame, kind, self), words);
  }

  MethodNode code() {
    return body.method();
  }

  @Nullable Frame<TypedValue>[] types() throws NotCompilable {
    return TypeFlow.analyse(body, files);
  }

  List<SuspensionPoint> points() throws NotCompilable {
    return SuspensionPoints.find(body, settled(), files);
  }

  /** The types, without tests whose outcome is known. */
  @Nullable Frame<TypedValue>[] settled() throws NotCompilable {
    return KnownTests.settle(body, types(), files);
  }

  /** A draft with all analyses. */
  FrameDraft draft() throws NotCompilable {
    FrameDraft draft = new FrameDraft(body, FrameName.of(body, 1), false);
    draft.types = settled();
    draft.points = points();
    if (CoObject.isNeeded(body, draft.types, draft.points)) {
      draft.body = body.withCoObject();
      draft.types = TypeFlow.analyse(draft.body, files);
      draft.points = SuspensionPoints.find(draft.body, draft.types, files);
    }
    draft.needsCo = Captures.needsObject(draft.body, draft.types, draft.points);
    draft.live = Liveness.analyse(code());
    draft.layOut(FieldLayout.of(draft));
    return draft;
  }

  static ClassNode host() {
    return Objects.requireNonNull(new ClassFiles(Scene::read).find(HOST));
  }

  /** The class files of the world, then those of the JDK and the library. */
  static byte @Nullable [] read(String internalName) {
    ClassNode made =
        switch (internalName) {
          case HOST -> hostClass();
          case "demo/Base" -> baseClass();
          case "far/Root" -> rootClass();
          case "demo/Foo" -> fooClass();
          case "demo/Sealed" -> sealedClass();
          case "demo/Loud" -> loudClass("demo/Loud", 0);
          case "demo/LoudFace" ->
              loudClass("demo/LoudFace", Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT);
          case "demo/Iface" -> ifaceClass();
          default -> null;
        };
    if (made != null) {
      ClassWriter writer = new ClassWriter(0);
      made.accept(writer);
      return writer.toByteArray();
    }
    try (InputStream in = ClassLoader.getSystemResourceAsStream(internalName + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException unreadable) {
      return null;
    }
  }

  private static ClassNode hostClass() {
    ClassNode host = type(HOST, "demo/Base", Opcodes.ACC_PUBLIC);
    host.sourceFile = "Host.java";
    field(host, Opcodes.ACC_PRIVATE, "secret", "I");
    field(host, Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC, "count", "J");
    field(host, 0, "open", "I");
    field(host, Opcodes.ACC_STATIC, "kept", "Ljava/lang/Object;");
    method(host, Opcodes.ACC_PRIVATE, "<init>", "(I)V");
    method(host, Opcodes.ACC_PUBLIC, "<init>", "()V");
    method(host, Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC, "hidden", "(I)I");
    method(host, Opcodes.ACC_PRIVATE, "hiddenToo", "(J)V");
    method(host, Opcodes.ACC_STATIC, "visible", "(I)I");
    method(host, Opcodes.ACC_STATIC, "help", "(ILio/fermata/Yielder;)I");
    method(host, Opcodes.ACC_STATIC, "helpWide", "(JLio/fermata/Yielder;D)J");
    method(host, Opcodes.ACC_PRIVATE, "helpMe", "(Lio/fermata/Yielder;)V");
    method(host, Opcodes.ACC_PUBLIC, "overridable", "(Lio/fermata/Yielder;)V");
    method(host, Opcodes.ACC_STATIC | Opcodes.ACC_NATIVE, "nativeHelp", "(Lio/fermata/Yielder;)V");
    method(host, Opcodes.ACC_STATIC, "ints", "(Lio/fermata/IntYielder;)V");
    method(host, Opcodes.ACC_STATIC, "object", "(Ljava/lang/Object;)V");
    method(host, Opcodes.ACC_STATIC, "twice", "(Lio/fermata/Yielder;Lio/fermata/Yielder;)V");
    String awaiter = "Lio/fermata/async/Awaiter;";
    method(host, Opcodes.ACC_STATIC, "wait", "(" + awaiter + ")Ljava/lang/String;");
    method(host, Opcodes.ACC_STATIC, "waiting", "(" + awaiter + ")V");
    method(host, Opcodes.ACC_STATIC, "both", "(" + awaiter + "I" + awaiter + ")V");
    return host;
  }

  private static ClassNode baseClass() {
    ClassNode base = type("demo/Base", "far/Root", Opcodes.ACC_PUBLIC);
    field(base, Opcodes.ACC_PROTECTED, "near", "I");
    method(base, Opcodes.ACC_PROTECTED, "shown", "()V");
    return base;
  }

  private static ClassNode rootClass() {
    ClassNode root = type("far/Root", "java/lang/Object", Opcodes.ACC_PUBLIC);
    field(root, Opcodes.ACC_PROTECTED, "deep", "Ljava/lang/String;");
    field(root, Opcodes.ACC_PROTECTED | Opcodes.ACC_STATIC, "deepStatic", "I");
    method(root, Opcodes.ACC_PROTECTED, "deepCall", "(I)V");
    method(root, Opcodes.ACC_PUBLIC, "publicCall", "()V");
    return root;
  }

  private static ClassNode fooClass() {
    ClassNode foo = type("demo/Foo", "java/lang/Object", Opcodes.ACC_PUBLIC);
    method(foo, Opcodes.ACC_PUBLIC, "<init>", "(Ljava/lang/Object;)V");
    method(foo, Opcodes.ACC_PUBLIC, "<init>", "(IJ)V");
    method(foo, Opcodes.ACC_PUBLIC, "<init>", "()V");
    method(foo, Opcodes.ACC_PUBLIC, "<init>", "(Lio/fermata/Yielder;)V");
    method(foo, Opcodes.ACC_PUBLIC, "go", "(Lio/fermata/Yielder;)V");
    return foo;
  }

  private static ClassNode sealedClass() {
    ClassNode sealed = type("demo/Sealed", "demo/Foo", Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL);
    method(sealed, Opcodes.ACC_PUBLIC, "go", "(Lio/fermata/Yielder;)V");
    method(sealed, Opcodes.ACC_PUBLIC, "<init>", "(Lio/fermata/Yielder;)V");
    return sealed;
  }

  /** A class that has an initialiser. */
  private static ClassNode loudClass(String name, int access) {
    ClassNode loud = type(name, "java/lang/Object", access);
    method(loud, Opcodes.ACC_STATIC, "<clinit>", "()V");
    method(loud, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "help", "(ILio/fermata/Yielder;)I");
    return loud;
  }

  private static ClassNode ifaceClass() {
    return type("demo/Iface", "java/lang/Object", Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT);
  }

  static ClassNode type(String name, String superName, int access) {
    ClassNode node = new ClassNode();
    node.version = Opcodes.V17;
    node.access = access;
    node.name = name;
    node.superName = superName;
    node.interfaces = new ArrayList<>();
    return node;
  }

  private static void field(ClassNode owner, int access, String name, String descriptor) {
    owner.fields.add(new FieldNode(access, name, descriptor, null, null));
  }

  static void method(ClassNode owner, int access, String name, String descriptor) {
    MethodNode method = new MethodNode(access, name, descriptor, null, null);
    if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
      Assembler code = new Assembler(method.instructions);
      if (!name.equals("<init>")) {
        suspend(access, descriptor, code);
      }
      Type result = Type.getReturnType(descriptor);
      if (!result.equals(Type.VOID_TYPE)) {
        code.zero(result);
      }
      code.op(result.getOpcode(Opcodes.IRETURN));
      method.maxStack = 3;
      method.maxLocals = 9;
    }
    owner.methods.add(method);
  }

  /** A method that gets {@code co} suspends through it; one that gets an object keeps that. */
  private static void suspend(int access, String descriptor, Assembler code) {
    if (descriptor.equals("(Ljava/lang/Object;)V")) {
      code.load(0, TypedValue.OBJECT).putStatic(HOST, "kept", "Ljava/lang/Object;");
    }
    int slot = (access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
    for (Type parameter : Type.getArgumentTypes(descriptor)) {
      if (Shape.isYielder(parameter)) {
        boolean awaits = Shape.isAwaiter(parameter);
        String name = awaits ? "await" : "yield";
        Type operand =
            awaits ? Type.getObjectType("io/fermata/async/Awaitable") : TypedValue.OBJECT;
        code.load(slot, parameter).zero(operand);
        code.add(
            new MethodInsnNode(
                Opcodes.INVOKEINTERFACE,
                parameter.getInternalName(),
                name,
                "(" + operand.getDescriptor() + ")Ljava/lang/Object;"));
        code.op(Opcodes.POP);
      }
      slot += parameter.getSize();
    }
  }
}
