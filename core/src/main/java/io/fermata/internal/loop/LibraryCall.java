package io.fermata.internal.loop;

import io.fermata.runtime.OriginalLines;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call by which a user's code has got something from the library.
 *
 * @param type the simple name of the class
 * @param method the method
 * @param place file and line of the caller; empty if not known
 */
record LibraryCall(String type, String method, String place) {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Where the library runs the code of users, or its own. */
  private static final List<String> STEPS =
      List.of("io.fermata.runtime.", "io.fermata.internal.kernel.", LoopTask.class.getName());

  /** Where the methods are that users call. */
  private static final List<String> FACES =
      List.of("io.fermata.async.", "io.fermata.io.", "io.fermata.net.");

  /** The call that is under way; null if the library itself has made it. */
  static @Nullable LibraryCall here() {
    return WALKER.walk(frames -> of(frames.iterator()));
  }

  private static @Nullable LibraryCall of(Iterator<StackFrame> frames) {
    StackFrame call = null;
    while (frames.hasNext()) {
      StackFrame next = frames.next();
      String type = next.getClassName();
      if (Stacks.startsWithOne(type, STEPS)) {
        return null;
      }
      boolean isFace = Stacks.startsWithOne(type, FACES);
      if (!isFace && !Stacks.isOfLibrary(type)) {
        Class<?> face = call == null ? null : face(call.getDeclaringClass());
        return face == null ? null : of(face, Objects.requireNonNull(call), next);
      }
      call = next;
    }
    return null;
  }

  /** What users know a class as: itself, or what it implements; null if they do not. */
  private static @Nullable Class<?> face(Class<?> type) {
    if (isFace(type) && Modifier.isPublic(type.getModifiers())) {
      return type;
    }
    for (Class<?> each : type.getInterfaces()) {
      if (isFace(each)) {
        return each;
      }
    }
    return isFace(type) ? type : null;
  }

  private static boolean isFace(Class<?> type) {
    return Stacks.startsWithOne(type.getName(), FACES);
  }

  private static LibraryCall of(Class<?> face, StackFrame call, StackFrame caller) {
    List<StackTraceElement> lines = OriginalLines.of(caller.toStackTraceElement());
    StackTraceElement line = lines.isEmpty() ? null : lines.get(0);
    return new LibraryCall(
        face.getSimpleName(),
        call.getMethodName(),
        line == null || line.getFileName() == null
            ? ""
            : " at " + line.getFileName() + ":" + line.getLineNumber());
  }

  @Override
  public String toString() {
    return type + "." + method + "(...)" + place;
  }
}
