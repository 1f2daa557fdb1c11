package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.Explanation;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Linkage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled body, which makes a frame for each instance of it. */
public final class CompiledBody {
  private final Frame<?> prototype;
  private final List<String> explanation;

  /** The files that it was compiled from, by the name of the class. */
  private final Map<String, FilePlace> files;

  private CompiledBody(Frame<?> prototype, List<String> explanation, Map<String, FilePlace> files) {
    this.prototype = prototype;
    this.explanation = explanation;
    this.files = Map.copyOf(files);
  }

  /** The body of a class of frames, which is initialised. */
  static CompiledBody of(Class<?> frame, List<String> explanation, Map<String, FilePlace> files) {
    return new CompiledBody(Linkage.prototype(frame), explanation, files);
  }

  /** Whether it was compiled from files, which may change. */
  public boolean hasFiles() {
    return !files.isEmpty();
  }

  /**
   * Looks at the files that it was compiled from.
   *
   * @param looked the files that were looked at just now; this adds to them
   * @return why the body is not what its class files say any more; null if nothing has changed
   */
  public @Nullable String change(Map<Object, Boolean> looked) {
    for (Map.Entry<String, FilePlace> each : files.entrySet()) {
      if (!looked.computeIfAbsent(each.getValue(), place -> ((FilePlace) place).isUnchanged())) {
        return "the class file of "
            + each.getKey().replace('/', '.')
            + " ("
            + each.getValue().file()
            + ") has changed since the body was compiled";
      }
    }
    return null;
  }

  /**
   * What the body has become, for people: lines of text; none unless they are {@linkplain
   * Explanation#WANTED wanted}.
   */
  public List<String> explanation() {
    return explanation;
  }

  /**
   * A new frame, with what the body has captured; the handle is for a body that gets one. Null if
   * this instance has captured an awaiter that is not the {@code co} of a body.
   */
  public @Nullable Frame<?> newFrame(Object body, @Nullable Object handle) {
    return Linkage.open(prototype, body, handle);
  }
}
