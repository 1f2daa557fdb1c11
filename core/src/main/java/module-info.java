/** Coroutines for Java. */
@SuppressWarnings("module") // the modules of the library are built one after the other
module io.fermata {
  requires static java.management;
  requires static jdk.attach;
  requires static jdk.jfr;
  requires static org.jspecify;
  requires static jdk.unsupported; // signals; without it, they are left to the JVM

  exports io.fermata;
  exports io.fermata.async;
  exports io.fermata.io;
  exports io.fermata.runtime;
  exports io.fermata.internal.kernel to
      io.fermata.net,
      io.fermata.testing;
  exports io.fermata.internal.loop to
      io.fermata.net,
      io.fermata.testing;
  exports io.fermata.internal.waiting to
      io.fermata.net,
      io.fermata.testing;

  uses io.fermata.async.ThreadContext;
  uses io.fermata.internal.kernel.HostProvider;
}
