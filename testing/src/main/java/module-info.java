/** Virtual time, seeded schedules and a JUnit extension for tests of asynchronous code. */
module io.fermata.testing {
  requires transitive io.fermata;
  requires static transitive org.jspecify;
  requires static transitive org.junit.jupiter.api;
  requires static transitive org.junit.platform.engine;

  exports io.fermata.testing;

  provides org.junit.platform.engine.TestEngine with
      io.fermata.testing.AsyncMethodEngine;
}
