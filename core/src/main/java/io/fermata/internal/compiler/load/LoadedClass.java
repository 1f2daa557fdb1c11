package io.fermata.internal.compiler.load;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The comparison of a class with the class file that its loader shows now. The bytes of a loaded
 * class cannot be had, so its members are compared, and where it says that it comes from.
 *
 * <p>Looking at a class loads the types of its members, and initialises nothing. It is done when
 * the first body of a program is compiled, so there are no lambdas here, which the JVM starts
 * slowly.
 */
final class LoadedClass {
  /** What a class and its file have to agree in. */
  private static final int CLASS_FLAGS =
      Opcodes.ACC_FINAL
          | Opcodes.ACC_ABSTRACT
          | Opcodes.ACC_INTERFACE
          | Opcodes.ACC_ANNOTATION
          | Opcodes.ACC_ENUM;

  /** All flags of members but {@code strictfp}, and those that ASM adds. */
  private static final int MEMBER_FLAGS = 0x17ff;

  private final Class<?> loaded;
  private final ClassNode file;

  private LoadedClass(Class<?> loaded, ClassNode file) {
    this.loaded = loaded;
    this.file = file;
  }

  /** What differs, as a clause; null if nothing does. */
  static @Nullable String difference(Class<?> loaded, ClassNode file) {
    try {
      return new LoadedClass(loaded, file).difference();
    } catch (LinkageError | TypeNotPresentException missing) {
      return null; // the type of a member is not there, so its code has never run
    }
  }

  private @Nullable String difference() {
    if ((loaded.getModifiers() & CLASS_FLAGS) != (flags() & CLASS_FLAGS)) {
      return "has other modifiers";
    }
    Class<?> superclass = loaded.getSuperclass();
    if (superclass != null && !internal(superclass).equals(file.superName)) {
      return "extends " + named(file.superName) + ", the class " + superclass.getName();
    }
    List<String> interfaces = new ArrayList<>();
    for (Class<?> each : loaded.getInterfaces()) {
      interfaces.add(internal(each));
    }
    if (!interfaces.equals(file.interfaces)) {
      return "has the interfaces " + file.interfaces + ", the class " + interfaces;
    }
    String nest = file.nestHostClass == null ? file.name : file.nestHostClass;
    Class<?> host = loaded.getNestHost();
    // a class whose host another loader has is a nest of its own, whatever its file says
    if (host != loaded && !internal(host).equals(nest)) {
      return "belongs to the nest of " + named(nest);
    }
    String fields = difference("field", fieldsOfFile(), fieldsOfClass());
    return fields == null ? difference("method", methodsOfFile(), methodsOfClass()) : fields;
  }

  /** As the source has them: those of a nested class are in an attribute. */
  private int flags() {
    for (InnerClassNode inner : file.innerClasses) {
      if (inner.name.equals(file.name)) {
        return inner.access;
      }
    }
    return file.access;
  }

  private static @Nullable String difference(
      String kind, SortedSet<String> inFile, SortedSet<String> inClass) {
    for (String member : inFile) {
      if (!inClass.contains(member)) {
        return "has the " + kind + " " + shown(member) + ", which the class has not";
      }
    }
    for (String member : inClass) {
      if (!inFile.contains(member)) {
        return "lacks the " + kind + " " + shown(member) + " of the class";
      }
    }
    return null;
  }

  /** Without the flags. */
  private static String shown(String member) {
    return member.substring(0, member.indexOf(' '));
  }

  private SortedSet<String> fieldsOfFile() {
    SortedSet<String> members = new TreeSet<>();
    for (FieldNode field : file.fields) {
      members.add(member(field.name + ":" + field.desc, field.access));
    }
    return members;
  }

  private SortedSet<String> fieldsOfClass() {
    SortedSet<String> members = new TreeSet<>();
    for (Field field : loaded.getDeclaredFields()) {
      members.add(
          member(field.getName() + ":" + field.getType().descriptorString(), field.getModifiers()));
    }
    return members;
  }

  private SortedSet<String> methodsOfFile() {
    SortedSet<String> members = new TreeSet<>();
    for (MethodNode method : file.methods) {
      if (!method.name.equals("<clinit>")) {
        members.add(member(method.name + method.desc, method.access));
      }
    }
    return members;
  }

  private SortedSet<String> methodsOfClass() {
    SortedSet<String> members = new TreeSet<>();
    for (Method method : loaded.getDeclaredMethods()) {
      String type = descriptor(method.getParameterTypes(), method.getReturnType());
      members.add(member(method.getName() + type, method.getModifiers()));
    }
    for (Constructor<?> constructor : loaded.getDeclaredConstructors()) {
      String type = descriptor(constructor.getParameterTypes(), void.class);
      members.add(member("<init>" + type, constructor.getModifiers()));
    }
    return members;
  }

  private static String descriptor(Class<?>[] parameters, Class<?> result) {
    StringBuilder descriptor = new StringBuilder("(");
    for (Class<?> parameter : parameters) {
      descriptor.append(parameter.descriptorString());
    }
    return descriptor.append(')').append(result.descriptorString()).toString();
  }

  private static String member(String name, int flags) {
    return name + " " + (flags & MEMBER_FLAGS);
  }

  private static String internal(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  private static String named(String internalName) {
    return internalName.replace('/', '.');
  }

  /**
   * Whether a class says that it comes from another place than that of the file.
   *
   * @param url of the file, which is in a file or a jar
   */
  static boolean isFromElsewhere(Class<?> loaded, URL url) {
    CodeSource source = loaded.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null) {
      return false;
    }
    String text = location.toString();
    String resource = url.toString();
    if (resource.startsWith(text) || resource.startsWith("jar:" + text + "!/")) {
      return false;
    }
    Path from = FilePlace.fileOf(text);
    Path now = FilePlace.fileOf(resource);
    if (from == null || now == null) {
      return false; // the places are not comparable
    }
    if (resource.startsWith("file:")) {
      for (int i = loaded.getName().split("\\.", -1).length; i > 0 && now != null; i--) {
        now = now.getParent();
      }
    }
    try {
      return now == null || !Files.isSameFile(from, now);
    } catch (IOException gone) {
      return true;
    }
  }
}
