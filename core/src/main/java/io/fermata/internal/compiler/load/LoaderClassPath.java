package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassPath;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a class loader sees.
 *
 * @param loader the loader; null for that of the JDK
 */
record LoaderClassPath(@Nullable ClassLoader loader) implements ClassPath {
  @Override
  public byte @Nullable [] read(String internalName) {
    String resource = internalName + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException unreadable) {
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
