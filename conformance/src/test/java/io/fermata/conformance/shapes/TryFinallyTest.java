package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.io.IOException;

/** A body that is suspended in try, catch and finally, and what is raised there. */
class TryFinallyTest {
  private static Object everywhere(Yielder<Integer, Object> co) throws Exception {
    try {
      co.mayThrow(IOException.class);
      co.yield("try");
      log("past");
    } catch (IOException e) {
      co.yield("catch:" + e.getMessage());
      log("caught");
    } finally {
      co.yield("finally");
      log("done");
    }
    co.yield("after");
    return "end";
  }

  @EngineTest
  void aBodyRunsThroughTryAndFinally() {
    assertTrace("try past finally done after =end", TryFinallyTest::everywhere);
  }

  @EngineTest
  void anExceptionRaisedInTryIsCaughtThere() {
    assertEquals(
        "try catch:x caught finally done after =end",
        Run.of(TryFinallyTest::everywhere).step().raise(new IOException("x")).toEnd());
  }

  @EngineTest
  void anExceptionRaisedInCatchOnlyRunsFinally() {
    assertEquals(
        "try catch:x finally done !IOException:y",
        Run.of(TryFinallyTest::everywhere)
            .step()
            .raise(new IOException("x"))
            .raise(new IOException("y"))
            .toEnd());
  }

  @EngineTest
  void anExceptionRaisedInFinallyReplacesTheOneInFlight() {
    Run run =
        Run.of(TryFinallyTest::everywhere)
            .step()
            .raise(new IllegalStateException("x"))
            .raise(new IOException("y"));
    assertEquals("try finally !IOException:y", run.toString());
  }

  @EngineTest
  void finallyKeepsTheExceptionInFlight() {
    assertEquals(
        "try finally done !IllegalStateException:x",
        Run.of(TryFinallyTest::everywhere).step().raise(new IllegalStateException("x")).toEnd());
  }

  @EngineTest
  void anExceptionRaisedAfterTheTryIsNotCaught() {
    assertEquals(
        "try past finally done after !IOException:z",
        Run.of(TryFinallyTest::everywhere)
            .step()
            .step()
            .step()
            .raise(new IOException("z"))
            .toString());
  }

  private static Object nested(Yielder<Integer, Object> co) {
    try {
      try {
        try {
          return co.yield("in");
        } finally {
          log("f1");
        }
      } finally {
        log("f2");
      }
    } finally {
      log("f3");
    }
  }

  @EngineTest
  void closeRunsAllFinallyBlocksFromTheInside() {
    assertEquals("in f1 f2 f3", Run.of(TryFinallyTest::nested).step().close().toString());
    assertEquals("in f1 f2 f3 =1", Run.of(TryFinallyTest::nested).toEnd());
  }

  @EngineTest
  void anExitMayBeSeenButIsNoException() {
    assertEquals(
        "in exit f",
        Run.of(
                co -> {
                  try {
                    return co.yield("in");
                  } catch (Exception e) {
                    return log0("never");
                  } catch (GeneratorExit e) {
                    log("exit");
                    throw e;
                  } finally {
                    log("f");
                  }
                })
            .step()
            .close()
            .toString());
  }

  private static Object log0(Object event) {
    log(event);
    return event;
  }

  @EngineTest
  void loopsAreLeftThroughFinally() {
    assertTrace(
        "0 f1 1 f2 2 n f2 3 f3 out x fx =3",
        co -> {
          int i = 0;
          while (true) {
            try {
              co.yield(i);
              if (i < 2) {
                i++;
                continue;
              }
              if (i == 3) {
                break;
              }
              log("n");
            } finally {
              co.yield("f" + i);
            }
            i++;
          }
          log("out");
          try {
            co.yield("x");
            return i;
          } finally {
            i = 100;
            co.yield("fx");
          }
        });
  }

  @EngineTest
  @SuppressWarnings("finally")
  void finallyMayReturnAndBreak() {
    assertTrace(
        "a b =2",
        co -> {
          while (true) {
            try {
              co.yield("a");
              throw new IllegalStateException("lost");
            } finally {
              break;
            }
          }
          try {
            return co.yield("b") * 100;
          } finally {
            return 2;
          }
        });
  }

  @EngineTest
  void labelledLoopsAreLeftThroughTwoFinallyBlocks() {
    assertTrace(
        "00 i0 o0 10 i1 o1 =null",
        co -> {
          outer:
          for (int i = 0; i < 2; i++) {
            try {
              for (int j = 0; j < 3; j++) {
                try {
                  co.yield("" + i + j);
                  continue outer;
                } finally {
                  log("i" + i);
                }
              }
            } finally {
              co.yield("o" + i);
            }
          }
          return null;
        });
  }

  @EngineTest
  void catchesChooseByType() {
    assertTrace(
        "a1 state b1 arg c1 other =null",
        co -> {
          for (int i = 0; i < 3; i++) {
            try {
              co.yield("abc".charAt(i) + "1");
              throw i == 0
                  ? new IllegalStateException()
                  : i == 1 ? new IllegalArgumentException() : new Exception();
            } catch (IllegalStateException e) {
              co.yield("state");
            } catch (IllegalArgumentException | NullPointerException e) {
              co.yield(e instanceof IllegalArgumentException ? "arg" : "never");
            } catch (Exception e) {
              co.yield("other");
            }
          }
          return null;
        });
  }

  @EngineTest
  void whatWasAssignedInTryIsSeenInTheHandler() {
    assertEquals(
        "a b caught:2,y =2",
        Run.of(
                co -> {
                  int x = 0;
                  String s = "x";
                  try {
                    x = co.yield("a");
                    s = "y";
                    x++;
                    co.yield("b");
                    s = "z";
                  } catch (IllegalStateException e) {
                    log("caught:" + x + "," + s);
                  }
                  return x;
                })
            .step()
            .step()
            .raise(new IllegalStateException())
            .toString());
  }

  @EngineTest
  void anExceptionOfADelegateIsCaughtAroundTheDelegation() {
    assertEquals(
        "in inner caught:x =1",
        Run.of(
                co -> {
                  try {
                    co.yieldFrom(
                        Generator.of(
                            sub -> {
                              try {
                                sub.yield("in");
                              } finally {
                                log("inner");
                              }
                            }));
                    return 0;
                  } catch (IllegalStateException e) {
                    log("caught:" + e.getMessage());
                    return 1;
                  }
                })
            .step()
            .raise(new IllegalStateException("x"))
            .toString());
  }

  @EngineTest
  void aRaisedExceptionIsCaughtInAHelperOrAroundIt() {
    assertEquals(
        "h helped:x again around:y =null",
        Run.of(
                co -> {
                  co.mayThrow(IOException.class);
                  try {
                    helper(co);
                  } catch (IOException e) {
                    log("around:" + e.getMessage());
                  }
                  return null;
                })
            .step()
            .raise(new IOException("x"))
            .raise(new IOException("y"))
            .toString());
  }

  private static void helper(Yielder<Integer, Object> co) throws IOException {
    try {
      co.mayThrow(IOException.class);
      co.yield("h");
    } catch (IOException e) {
      log("helped:" + e.getMessage());
      co.yield("again");
    }
  }

  @EngineTest
  void aRetryLoopSurvivesFailures() {
    assertEquals(
        "try0 try1 try2 =ok3",
        Run.of(
                co -> {
                  for (int attempt = 0; ; attempt++) {
                    try {
                      co.mayThrow(IOException.class);
                      int got = co.yield("try" + attempt);
                      return "ok" + (got + attempt);
                    } catch (IOException e) {
                      if (attempt == 5) {
                        throw e;
                      }
                    }
                  }
                })
            .step()
            .raise(new IOException())
            .raise(new IOException())
            .toEnd());
  }

  @EngineTest
  void yieldingInFinallyWhileClosingIsRefused() {
    Run run =
        Run.of(
                co -> {
                  try {
                    return co.yield("a");
                  } finally {
                    co.yield("late");
                  }
                })
            .step()
            .close();
    assertEquals("a !IgnoredExitException", run.toString().split(":")[0]);
  }
}
