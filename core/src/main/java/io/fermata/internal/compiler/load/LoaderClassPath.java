package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a class loader sees. A loader that fails has no file.
 *
 * @param loader the loader; null for that of the JDK
 */
record LoaderClassPath(@Nullable ClassLoader loader) implements ClassPath {
  @Override
  public byte @Nullable [] read(String internalName) {
    byte[] file = readNow(internalName);
    // a loader that compiles sources has the file when it has loaded the class
    return file == null && isLoadable(internalName) ? readNow(internalName) : file;
  }

  private byte @Nullable [] readNow(String internalName) {
    String resource = internalName + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException | RuntimeException | LinkageError unreadable) {
      return null;
    }
  }

  private boolean isLoadable(String internalName) {
    if (loader == null) {
      return false;
    }
    try {
      Class.forName(internalName.replace('/', '.'), false, loader);
      return true;
    } catch (ClassNotFoundException | RuntimeException | LinkageError notThere) {
      return false;
    }
  }

  /** Where a class file is; null if the loader does not tell. */
  @Nullable URL find(String internalName) {
    try {
      return loader == null ? null : loader.getResource(internalName + ".class");
    } catch (RuntimeException | LinkageError broken) {
      return null;
    }
  }

  @Override
  public boolean sees(String from, String type) {
    try {
      ClassLoader asking = find(from, loader).getClassLoader();
      Class<?> wanted = find(type, loader);
      return wanted.getClassLoader() == asking || find(type, asking) == wanted;
    } catch (ClassNotFoundException | LinkageError notThere) {
      return false;
    }
  }

  private static Class<?> find(String internalName, @Nullable ClassLoader in)
      throws ClassNotFoundException {
    return Class.forName(internalName.replace('/', '.'), false, in);
  }
}
