package io.fermata.conformance.thread;

import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the thread engine: it stays on that engine whatever others there are. */
class OnThreads {
  /** Whether a body that is started from a platform thread gets a virtual one. */
  static final boolean VIRTUAL = Runtime.version().feature() >= 21;

  @BeforeEach
  final void useTheThreadEngine() {
    EngineChoice.use(new ThreadEngine());
  }

  @AfterEach
  final void useTheDefaultEngine() {
    EngineChoice.useDefault();
    Thread.interrupted(); // what a test leaves behind is not the next one's
  }
}
