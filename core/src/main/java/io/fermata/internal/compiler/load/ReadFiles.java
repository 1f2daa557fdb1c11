package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassPath;
import java.net.URL;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The class files that one compilation reads, and the places of those that lie in files. A place is
 * noted before its file is read, so a file that changes meanwhile is found to have changed.
 */
final class ReadFiles implements ClassPath {
  private final LoaderClassPath path;
  private final Map<String, FilePlace> places = new TreeMap<>();

  ReadFiles(LoaderClassPath path) {
    this.path = path;
  }

  @Override
  public byte @Nullable [] read(String internalName) {
    if (!internalName.startsWith("java/")) {
      URL url = path.find(internalName);
      FilePlace place = url == null ? null : FilePlace.of(url);
      if (place != null) {
        places.put(internalName, place);
      }
    }
    return path.read(internalName);
  }

  @Override
  public boolean sees(String from, String type) {
    return path.sees(from, type);
  }

  /** Where a class file is; null if the loader does not tell. */
  @Nullable URL find(String internalName) {
    return path.find(internalName);
  }

  /** The place of a class file that was read; null if it is in no file. */
  @Nullable FilePlace place(String internalName) {
    return places.get(internalName);
  }

  /** The places of the files that were read, by the name of the class. */
  Map<String, FilePlace> places() {
    return places;
  }
}
