package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassFiles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The places of a class at which lambdas are made that could be of one class. The JVM does not tell
 * which of them has made it, so a lambda's method is known only if all of them have the same.
 */
final class LambdaSites extends ClassVisitor {
  /** In the names of the classes that the JDK makes for lambdas, follows the host's name. */
  private static final String LAMBDA = "$$Lambda";

  /**
   * What a lambda does.
   *
   * @param method the method behind it
   * @param called the type of the method that it implements, as it is called
   */
  record Made(Handle method, Type called) {}

  private final String name;
  private final String descriptor;
  private final String site;
  private final Set<Made> found = new HashSet<>();

  private LambdaSites(String name, String descriptor, String site) {
    super(Opcodes.ASM9);
    this.name = name;
    this.descriptor = descriptor;
    this.site = site;
  }

  /**
   * Looks through the file of the class in which a lambda was made.
   *
   * @param lambda the class of the lambda
   * @param name of the method that it implements
   * @param descriptor of that method
   * @return what the lambda does; null if that is not known
   */
  static @Nullable Made find(Class<?> lambda, String name, String descriptor) {
    int mark = lambda.getName().lastIndexOf(LAMBDA);
    Class<?>[] interfaces = lambda.getInterfaces();
    if (mark < 0 || interfaces.length != 1) {
      return null;
    }
    byte[] file =
        ClassFiles.bytes(
            new LoaderClassPath(lambda.getClassLoader()),
            lambda.getName().substring(0, mark).replace('.', '/'));
    if (file == null) {
      return null;
    }
    Type site =
        Type.getMethodType(Type.getType(interfaces[0]), captured(lambda).toArray(new Type[0]));
    LambdaSites sites = new LambdaSites(name, descriptor, site.getDescriptor());
    try {
      new ClassReader(file).accept(sites, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
    return sites.found.size() == 1 ? sites.found.iterator().next() : null;
  }

  /** The types of what it has captured, in order. */
  private static List<Type> captured(Class<?> lambda) {
    Map<String, Type> fields = new TreeMap<>(); // arg$2 before arg$10
    for (Field field : lambda.getDeclaredFields()) {
      if ((field.getModifiers() & Modifier.STATIC) == 0) {
        fields.put(
            (char) field.getName().length() + field.getName(), Type.getType(field.getType()));
      }
    }
    return new ArrayList<>(fields.values());
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String method,
      String type,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    return new MethodVisitor(Opcodes.ASM9) {
      @Override
      public void visitInvokeDynamicInsn(
          String made, String makes, Handle bootstrap, Object... arguments) {
        if (made.equals(name)
            && makes.equals(site)
            && bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")
            && arguments[0].equals(Type.getMethodType(descriptor))) {
          found.add(new Made((Handle) arguments[1], (Type) arguments[2]));
        }
      }
    };
  }
}
