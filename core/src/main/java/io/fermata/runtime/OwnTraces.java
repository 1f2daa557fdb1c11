package io.fermata.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The traces that a compiled body passes on or asks for itself. Generated code calls these methods
 * before it passes an exception on, and in place of the methods of the JDK that look at the stack
 * of their caller. They show the body as it was written, on one stack with those that wait for it.
 */
public final class OwnTraces {
  private static final StackWalker RETAINING =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private OwnTraces() {}

  /**
   * Called before a body passes an exception on: to a call, into a field, to its caller as a value.
   * An exception that is thrown needs it not.
   *
   * @param failure the exception; an object to the verifier, which else would have to load its
   *     class
   * @param body the frame that executes
   */
  public static void passOn(@Nullable Object failure, Frame<?> body) {
    if (failure instanceof Throwable passed) {
      Traces.complete(passed, body);
    }
  }

  /**
   * In place of {@link Thread#getStackTrace}.
   *
   * @param thread the thread
   * @param body the frame that executes
   * @return the stack
   */
  public static StackTraceElement[] getStackTrace(Thread thread, Frame<?> body) {
    return shown(thread, thread.getStackTrace(), body);
  }

  /**
   * In place of {@link Thread#getAllStackTraces}.
   *
   * @param body the frame that executes
   * @return the stacks
   */
  public static Map<Thread, StackTraceElement[]> getAllStackTraces(Frame<?> body) {
    Map<Thread, StackTraceElement[]> all = new HashMap<>();
    Thread.getAllStackTraces()
        .forEach((thread, stack) -> all.put(thread, shown(thread, stack, body)));
    return all;
  }

  private static StackTraceElement[] shown(
      Thread thread, StackTraceElement[] stack, Frame<?> body) {
    return Traces.shown(
        stack, thread == Thread.currentThread() ? Driver.delegatorsOf(body) : List.of());
  }

  /**
   * In place of {@link Thread#dumpStack}.
   *
   * @param body the frame that executes
   */
  public static void dumpStack(Frame<?> body) {
    Exception here = new Exception("Stack trace");
    Traces.complete(here, body);
    here.printStackTrace();
  }

  /**
   * In place of {@link StackWalker#walk}.
   *
   * @param walker the walker
   * @param function gets the frames
   * @param body the frame that executes
   * @return what the function gives
   */
  public static @Nullable Object walk(
      StackWalker walker,
      Function<? super Stream<StackWalker.StackFrame>, ?> function,
      Frame<?> body) {
    Objects.requireNonNull(function);
    return walker.<@Nullable Object>walk(frames -> function.apply(new Stack(body).shown(frames)));
  }

  /**
   * In place of {@link StackWalker#forEach}.
   *
   * @param walker the walker
   * @param action gets each frame
   * @param body the frame that executes
   */
  public static void forEach(
      StackWalker walker, Consumer<? super StackWalker.StackFrame> action, Frame<?> body) {
    Objects.requireNonNull(action);
    walker.<@Nullable Object>walk(
        frames -> {
          new Stack(body).shown(frames).forEach(action);
          return null;
        });
  }

  /**
   * In place of {@link StackWalker#getCallerClass}.
   *
   * @param walker the walker
   * @param body the frame that executes
   * @return the class of the method that called the body's; that of the step's caller if none has
   */
  public static Class<?> getCallerClass(StackWalker walker, Frame<?> body) {
    Objects.requireNonNull(walker.getCallerClass()); // it refuses what it always refuses
    return RETAINING
        .walk(frames -> new Stack(body).shown(frames).skip(1).findFirst())
        .orElseThrow(() -> new IllegalCallerException("no caller frame"))
        .getDeclaringClass();
  }

  /** The frames of one walk, shown one after the other. */
  private static final class Stack {
    private final Frame<?> body;
    private boolean isInFirstSection = true;

    Stack(Frame<?> body) {
      this.body = body;
    }

    Stream<StackWalker.StackFrame> shown(Stream<StackWalker.StackFrame> frames) {
      return frames.flatMap(this::shown);
    }

    private Stream<StackWalker.StackFrame> shown(StackWalker.StackFrame frame) {
      StackTraceElement line = frame.toStackTraceElement();
      if (Traces.isOfRuntime(line)) {
        if (isInFirstSection && Traces.isDriver(frame.getClassName(), frame.getMethodName())) {
          isInFirstSection = false;
          return delegators().stream();
        }
        return Stream.empty();
      }
      return OriginalLines.of(line).stream()
          .map(shown -> shown == line ? frame : new Generated(frame, shown));
    }

    private List<StackWalker.StackFrame> delegators() {
      List<StackWalker.StackFrame> shown = new ArrayList<>();
      for (Frame<?> delegator : Driver.delegatorsOf(body)) {
        for (StackTraceElement line : delegator.inspect().lines()) {
          shown.add(new Suspended(delegator.getClass(), line));
        }
      }
      return shown;
    }
  }

  /** A frame that shows a line of a body. */
  private interface Shown extends StackWalker.StackFrame {
    StackTraceElement line();

    @Override
    default String getClassName() {
      return line().getClassName();
    }

    @Override
    default String getMethodName() {
      return line().getMethodName();
    }

    @Override
    default @Nullable String getFileName() {
      return line().getFileName();
    }

    @Override
    default int getLineNumber() {
      return line().getLineNumber();
    }

    @Override
    default boolean isNativeMethod() {
      return false;
    }

    @Override
    default StackTraceElement toStackTraceElement() {
      return line();
    }
  }

  /** A frame of a generated class. */
  private record Generated(StackWalker.StackFrame frame, StackTraceElement line) implements Shown {
    @Override
    public Class<?> getDeclaringClass() {
      return host(frame.getDeclaringClass(), line);
    }

    @Override
    public int getByteCodeIndex() {
      return frame.getByteCodeIndex();
    }

    @Override
    public String toString() {
      return line.toString();
    }
  }

  /** A frame that is not on the stack, as it waits for the body. */
  private record Suspended(Class<?> frame, StackTraceElement line) implements Shown {
    @Override
    public Class<?> getDeclaringClass() {
      return host(frame, line);
    }

    @Override
    public int getByteCodeIndex() {
      return -1;
    }

    @Override
    public String toString() {
      return line.toString();
    }
  }

  /** The class that a line names, as the generated class beside it sees it. */
  private static Class<?> host(Class<?> frame, StackTraceElement line) {
    try {
      return Class.forName(line.getClassName(), false, frame.getClassLoader());
    } catch (ClassNotFoundException gone) {
      throw new IllegalStateException("the class of " + line + " cannot be found", gone);
    }
  }
}
