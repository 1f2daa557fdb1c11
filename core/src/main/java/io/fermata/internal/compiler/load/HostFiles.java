package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.net.URL;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;

/**
 * The check that the class files which a compilation reads are those that the JVM has loaded: a
 * file may have been compiled anew since, a jar replaced, and a loader may define other bytes than
 * it shows.
 *
 * <p>Where it cannot be told, as with loaders that have no files, the file is believed.
 */
final class HostFiles {
  private final ReadFiles files;

  HostFiles(ReadFiles files) {
    this.files = files;
  }

  /** Makes sure that a class was loaded from its file. */
  void check(Class<?> loaded, ClassNode file) throws NotCompilable {
    FilePlace place = files.place(file.name);
    if (place != null) {
      checkAge(file.name, place);
      URL url = files.find(file.name);
      if (url != null && LoadedClass.isFromElsewhere(loaded, url)) {
        throw stale(
            file.name,
            place,
            "is not where the class was loaded from, "
                + loaded.getProtectionDomain().getCodeSource().getLocation());
      }
    }
    String difference = LoadedClass.difference(loaded, file);
    if (difference != null) {
      throw stale(file.name, place, difference);
    }
  }

  /** Makes sure that no file that was read is newer than the JVM. */
  void checkAges() throws NotCompilable {
    for (Map.Entry<String, FilePlace> read : files.places().entrySet()) {
      checkAge(read.getKey(), read.getValue());
    }
  }

  private static void checkAge(String name, FilePlace place) throws NotCompilable {
    if (JvmStart.isBefore(place.modified())) {
      throw stale(name, place, "is newer than the start of the JVM");
    }
  }

  private static NotCompilable stale(String name, @Nullable FilePlace place, String what) {
    return new NotCompilable(
        "the code that was loaded cannot be read: the class file of "
            + name.replace('/', '.')
            + (place == null ? " " : " (" + place.file() + ") ")
            + what);
  }
}
