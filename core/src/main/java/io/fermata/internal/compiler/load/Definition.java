package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyMethod;
import io.fermata.internal.compiler.FrameClass;
import io.fermata.internal.compiler.FrameName;
import io.fermata.internal.compiler.Target;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.BodySite;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.HostLinkage;
import io.fermata.runtime.Linkage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;

/**
 * The definition of generated classes beside their hosts, in the running JVM: the one place where
 * classes are defined.
 *
 * <p>The class of a helper is defined once per host, and all bodies that call the helper share it.
 * The class of a body belongs to one class of bodies.
 */
final class Definition implements Target {
  /** Name of the system property for a directory that gets the generated class files. */
  private static final String DUMP = "fermata.dump";

  private static final ClassValue<Defined> DEFINED =
      new ClassValue<>() {
        @Override
        protected Defined computeValue(Class<?> host) {
          return new Defined();
        }
      };

  /** What was defined beside one host. Guarded by itself. */
  private static final class Defined {
    /** The loads of each body, by the name of the first. */
    final Map<String, Integer> loads = new HashMap<>();

    /** The hash of the class file of each helper, by name. */
    final Map<String, Integer> helpers = new HashMap<>();
  }

  private final @Nullable ClassLoader loader;
  private final HostFiles files;
  private final MethodHandles.@Nullable Lookup lookup;
  private final EngineServices services;
  private final Map<String, Class<?>> hosts = new HashMap<>();

  /**
   * The definition of one unit.
   *
   * @param loader sees the hosts
   * @param files what is read for the unit
   * @param lookup the rights of the class that holds the body, if they were given
   * @param services of the engine, for the generated classes
   */
  Definition(
      @Nullable ClassLoader loader,
      HostFiles files,
      MethodHandles.@Nullable Lookup lookup,
      EngineServices services) {
    this.loader = loader;
    this.files = files;
    this.lookup = lookup;
    this.services = services;
  }

  @Override
  public void checkHost(ClassNode host) throws NotCompilable {
    if (hosts.containsKey(host.name)) {
      return;
    }
    Class<?> loaded = loaded(host.name);
    try {
      MethodHandles.Lookup rights = Linkage.rights(loaded, lookup);
      RuntimeImport.check(loaded);
      if (CoverageProbes.wereAddedToLoaded(loaded, rights, new LoaderClassPath(loader))) {
        throw new NotCompilable(
            "JaCoCo's agent has added probes to "
                + loaded.getName()
                + " as it was loaded; its class file has none, and code compiled from the file would"
                + " not be counted");
      }
      hosts.put(host.name, loaded);
    } catch (IllegalAccessException closed) {
      throw new NotCompilable(BodySource.closed(loaded.getName()));
    }
  }

  @Override
  public void checkFile(ClassNode file) throws NotCompilable {
    files.check(loaded(file.name), file);
  }

  private Class<?> loaded(String internalName) throws NotCompilable {
    String name = internalName.replace('/', '.');
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError notThere) {
      throw new NotCompilable("the class " + name + " cannot be found");
    }
  }

  @Override
  public boolean meetsMocks(String host) {
    return services.expectsMocks(host(host));
  }

  /** The number of this load of a body, from 1 on; its host has been checked. */
  int nextLoad(BodyMethod body) {
    Defined defined = DEFINED.get(host(body.owner().name));
    synchronized (defined) {
      return defined.loads.merge(FrameName.of(body, 1), 1, Integer::sum);
    }
  }

  /**
   * Defines the classes of a unit and initialises them, which verifies them.
   *
   * @param unit the classes, that of the body first
   * @param getters read what instances of the body have captured
   * @return the class of the body
   */
  Class<?> define(List<FrameClass> unit, List<MethodHandle> getters) throws NotCompilable {
    return define(unit, getters, false);
  }

  /** As {@link #define}, but all bodies of that method share its frame. */
  Class<?> share(List<FrameClass> unit, List<MethodHandle> getters) throws NotCompilable {
    return define(unit, getters, true);
  }

  private Class<?> define(List<FrameClass> unit, List<MethodHandle> getters, boolean isShared)
      throws NotCompilable {
    for (FrameClass each : unit) {
      dump(each);
      if (each.isHelper()) {
        share(each, List.of());
      } else if (isShared) {
        share(each, getters);
      } else {
        define(each, getters);
      }
    }
    // all are there before the first is verified, as they call each other
    for (FrameClass each : unit) {
      initialised(each);
    }
    return initialised(unit.get(0));
  }

  /** Defines a class that bodies share, unless another one has it already. */
  private void share(FrameClass helper, List<MethodHandle> getters) throws NotCompilable {
    Defined defined = DEFINED.get(host(helper.host()));
    int hash = 31 * Arrays.hashCode(helper.file()) + Arrays.hashCode(helper.nestmate());
    synchronized (defined) {
      Integer known = defined.helpers.get(helper.name());
      if (known == null) {
        define(helper, getters);
        defined.helpers.put(helper.name(), hash);
      } else if (known != hash) {
        throw new NotCompilable(
            "its helper "
                + helper.method()
                + "() was compiled before from other class files; load each version of the"
                + " program by a class loader of its own");
      }
    }
  }

  private void define(FrameClass frame, List<MethodHandle> getters) throws NotCompilable {
    try {
      Class<?> defined = Linkage.rights(host(frame.host()), lookup).defineClass(frame.file());
      Linkage.describe(defined, site(frame), getters, services);
      if (frame.nestmate() != null) {
        HostLinkage.describe(defined, frame.nestmate());
      }
    } catch (IllegalAccessException | LinkageError refused) {
      throw new NotCompilable("its generated class was refused (" + refused + ")");
    }
  }

  private static BodySite site(FrameClass frame) {
    return new BodySite(
        frame.host().replace('/', '.'),
        frame.method(),
        frame.sourceFile(),
        frame.firstLine(),
        frame.lines(),
        frame.inlined(),
        frame.guarded(),
        frame.reason());
  }

  private Class<?> initialised(FrameClass frame) throws NotCompilable {
    try {
      return Class.forName(
          frame.name().replace('/', '.'), true, host(frame.host()).getClassLoader());
    } catch (ClassNotFoundException | LinkageError refused) {
      throw new NotCompilable("its generated class was refused (" + firstLine(refused) + ")");
    }
  }

  /** A class that has been checked. */
  Class<?> host(String name) {
    return Objects.requireNonNull(hosts.get(name));
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }

  private static void dump(FrameClass frame) {
    String directory = System.getProperty(DUMP);
    if (directory == null) {
      return;
    }
    Path path = Path.of(directory, frame.name() + ".class");
    try {
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, frame.file());
    } catch (IOException failure) {
      throw new UncheckedIOException("-D" + DUMP + " names no usable directory", failure);
    }
  }
}
