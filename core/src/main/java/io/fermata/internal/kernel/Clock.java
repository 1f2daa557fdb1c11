package io.fermata.internal.kernel;

/** The time of a loop. */
public interface Clock {
  /** The clock of the JVM; it began when this class was initialised. */
  Clock SYSTEM =
      new Clock() {
        private final long start = System.nanoTime();

        @Override
        public long nanos() {
          return System.nanoTime() - start;
        }
      };

  /** Nanoseconds since it began; never goes back. */
  long nanos();
}
