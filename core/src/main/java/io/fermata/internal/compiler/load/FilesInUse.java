package io.fermata.internal.compiler.load;

import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a compiled body was made from, and those of the methods that calls in it
 * have met by their receivers. When one of them changes, the body is not what plain Java runs.
 *
 * <p>It is not noted which call has met which method. So a body depends on all such methods of its
 * class loader and of the loaders above that.
 */
public final class FilesInUse {
  /** The files of methods that were met by their receivers, by loader. Guarded by itself. */
  private static final Map<ClassLoader, Map<String, FilePlace>> MET = new WeakHashMap<>();

  private final Class<?> frame;
  private final Map<String, FilePlace> own;

  /**
   * Files of one body.
   *
   * @param frame the class of its frames
   * @param own what it was compiled from, by the name of the class
   */
  FilesInUse(Class<?> frame, Map<String, FilePlace> own) {
    this.frame = frame;
    this.own = Map.copyOf(own);
  }

  /** Notes the files of a method that a receiver has brought. */
  static void addMet(@Nullable ClassLoader loader, Map<String, FilePlace> places) {
    if (loader != null && !places.isEmpty()) {
      synchronized (MET) {
        Map<String, FilePlace> known = MET.get(loader);
        if (known == null) {
          known = new HashMap<>();
          MET.put(loader, known);
        }
        for (Map.Entry<String, FilePlace> each : places.entrySet()) {
          known.putIfAbsent(each.getKey(), each.getValue());
        }
      }
    }
  }

  /** Whether there are any: not if the loader has its classes elsewhere. */
  public boolean isEmpty() {
    return own.isEmpty();
  }

  /**
   * Looks at the files.
   *
   * @param looked the files that were looked at just now; this adds to them
   * @return why the body is not what its class files say any more; null if nothing has changed
   */
  public @Nullable String change(Map<Object, Boolean> looked) {
    String change = change(own, looked);
    for (ClassLoader at = frame.getClassLoader(); at != null && change == null; ) {
      synchronized (MET) {
        Map<String, FilePlace> met = MET.get(at);
        change = met == null ? null : change(met, looked);
      }
      at = at.getParent();
    }
    return change;
  }

  private static @Nullable String change(
      Map<String, FilePlace> files, Map<Object, Boolean> looked) {
    for (Map.Entry<String, FilePlace> each : files.entrySet()) {
      FilePlace place = each.getValue();
      Boolean isUnchanged = looked.get(place);
      if (isUnchanged == null) {
        isUnchanged = place.isUnchanged();
        looked.put(place, isUnchanged);
      }
      if (!isUnchanged) {
        return "the class file of "
            + each.getKey().replace('/', '.')
            + " ("
            + place.file()
            + ") has changed since the body was compiled";
      }
    }
    return null;
  }
}
