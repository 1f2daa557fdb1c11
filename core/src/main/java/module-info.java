/** Coroutines for Java. */
module io.fermata {
  requires static org.jspecify;

  exports io.fermata;
  exports io.fermata.async;
  exports io.fermata.runtime;
}
