package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;

/** Monitors: a frame cannot keep one, a thread can. */
class MonitorsTest {
  private static final Object LOCK = new Object();

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst())
        .orElseThrow()
        .getLineNumber();
  }

  private static String place(int line) {
    return "MonitorsTest.java:" + line;
  }

  @EngineTest
  void aYieldUnderAMonitorIsForTheThreadEngine() {
    int line = line();
    Run run =
        Run.onThread(
            co -> {
              synchronized (LOCK) {
                co.yield("held" + Thread.holdsLock(LOCK));
              }
              co.yield("free" + Thread.holdsLock(LOCK));
              return null;
            },
            "suspends inside a synchronized block",
            place(line + 5));
    assertEquals("heldtrue freefalse =null", run.toEnd());
  }

  @EngineTest
  void aYieldInATryUnderAMonitorIsForTheThreadEngine() {
    int line = line();
    Run run =
        Run.onThread(
            co -> {
              int got = 0;
              try {
                synchronized (LOCK) {
                  synchronized (co.toString()) {
                    log("inner");
                  }
                  for (int i = 0; i < 2; i++) {
                    got += co.yield(i);
                  }
                }
              } finally {
                co.yield("f" + Thread.holdsLock(LOCK));
              }
              return got;
            },
            place(line + 7));
    assertEquals("inner 0 1 ffalse =3", run.toEnd());
  }

  @EngineTest
  void closeReleasesTheMonitorOfABody() {
    Run run =
        Run.onThread(
            co -> {
              synchronized (LOCK) {
                return co.yield("held");
              }
            });
    run.step().close();
    assertEquals("held free", run.toString() + (Thread.holdsLock(LOCK) ? " held" : " free"));
    synchronized (LOCK) { // would hang
      log("got it");
    }
  }

  private static synchronized Object locked(Yielder<Integer, Object> co) {
    return co.yield("in" + Thread.holdsLock(MonitorsTest.class));
  }

  @EngineTest
  void aSynchronizedMethodIsForTheThreadEngine() {
    int line = line() - 5; // of the yield above
    assertEquals(
        "intrue =1",
        Run.onThread(MonitorsTest::locked, "locked() is synchronized", place(line)).toEnd());
    assertEquals("intrue =1", Run.onThread(co -> locked(co), "synchronized", place(line)).toEnd());
  }

  private static Object delegating(Yielder<Integer, Object> co) {
    synchronized (LOCK) {
      return co.yieldFrom(Generator.of(sub -> sub.yield("sub")));
    }
  }

  @EngineTest
  void aDelegationUnderAMonitorIsForTheThreadEngine() {
    int line = line() - 6;
    assertEquals("sub =null", Run.onThread(MonitorsTest::delegating, place(line)).toEnd());
  }

  @EngineTest
  void aMonitorWithoutAYieldIsCompiled() {
    assertTrace(
        "a in1 b =truefalse",
        co -> {
          int got = co.yield("a");
          boolean held;
          synchronized (LOCK) {
            log("in" + got);
            held = Thread.holdsLock(LOCK);
          }
          co.yield("b");
          return held + "" + Thread.holdsLock(LOCK);
        });
  }

  @EngineTest
  void monitorsInLoopsAndTriesWithoutAYieldAreCompiled() {
    assertTrace(
        "0 1 2 caught =6",
        co -> {
          int sum = 0;
          for (int i = 0; i < 4; i++) {
            try {
              synchronized (LOCK) {
                if (i == 3) {
                  throw new IllegalStateException();
                }
                synchronized (MonitorsTest.class) {
                  sum += 0;
                  if (i == 2) {
                    sum++;
                  }
                }
              }
              sum += i;
              co.yield(i);
            } catch (IllegalStateException e) {
              co.yield(Thread.holdsLock(LOCK) ? "held" : "caught");
              sum += 2;
            }
          }
          return sum;
        });
  }

  private static synchronized int twice(int n) {
    return 2 * n;
  }

  @EngineTest
  void aSynchronizedMethodThatDoesNotYieldIsCalled() {
    assertTrace("a =2", co -> twice(co.yield("a")));
  }
}
