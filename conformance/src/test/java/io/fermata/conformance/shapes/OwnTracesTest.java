package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.RunningStack;
import io.fermata.internal.engine.ThreadEngine;
import io.fermata.internal.loop.LoopTask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces that a body passes on or asks for itself, before its step is over. */
class OwnTracesTest {
  private static final String RUNTIME = "io.fermata.runtime.";

  @AfterEach
  void useTheDefaultEngine() {
    EngineChoice.useDefault();
  }

  // What is seen

  private static void see(List<String> seen, StackTraceElement[] trace) {
    List<String> lines = new ArrayList<>();
    for (StackTraceElement line : trace) {
      assertFalse(line.getClassName().contains("$fermata$"), () -> Arrays.toString(trace));
      assertFalse(
          EveryEngine.compiles() && line.getClassName().startsWith(RUNTIME),
          () -> Arrays.toString(trace));
      if (line.getClassName().equals(OwnTracesTest.class.getName())) {
        if (line.getMethodName().startsWith("stepped")) {
          break;
        }
        lines.add(line.getMethodName() + ":" + line.getLineNumber());
      }
    }
    seen.add(String.join(" ", lines));
  }

  private static void see(List<String> seen, Throwable failure) {
    see(seen, failure.getStackTrace());
    if (failure.getCause() != null) {
      see(seen, failure.getCause());
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      see(seen, suppressed);
    }
  }

  private static void stepped(Generator<?> g) {
    while (g.advance()) {}
  }

  private static <T> T steppedOnce(Generator<T> g) {
    return g.next();
  }

  /** Runs a body on both engines; what it has seen has to be the same. */
  private static List<String> seen(Consumer<List<String>> body) {
    EngineChoice.use(new ThreadEngine());
    List<String> onThread = new ArrayList<>();
    body.accept(onThread);
    EngineChoice.use(new BestEngine());
    List<String> compiled = new ArrayList<>();
    body.accept(compiled);
    assertEquals(onThread, compiled);
    assertFalse(compiled.isEmpty());
    return compiled;
  }

  private static void check(List<String> seen, int lines) {
    for (String each : seen) {
      assertEquals(lines, each.split(" ").length, each);
    }
  }

  private static void fail(int n) {
    if (n > 0) {
      throw new IndexOutOfBoundsException(n);
    }
  }

  private static final class Own extends RuntimeException {
    private static final long serialVersionUID = 1;
    transient Object held;

    Own(Throwable held) {
      this.held = held;
    }
  }

  private Throwable field;

  // An exception that was caught

  @Test
  void anArgument() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          try {
                            fail(1);
                          } catch (IndexOutOfBoundsException e) {
                            see(seen, e);
                            co.yield(1);
                            see(seen, e);
                          }
                        }))),
        2);
  }

  @Test
  void theReceiverOfACall() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          co.yield(1);
                          try {
                            fail(1);
                          } catch (RuntimeException e) {
                            see(seen, e.getStackTrace());
                            StringWriter text = new StringWriter();
                            e.printStackTrace(new PrintWriter(text, true));
                            assertFalse(text.toString().contains("fermata$"), text::toString);
                          }
                        }))),
        2);
  }

  @Test
  void aCauseAndASuppressedOne() {
    check(
        seen(
                seen ->
                    stepped(
                        Generator.<Integer>of(
                            co -> {
                              co.yield(1);
                              try {
                                try {
                                  fail(1);
                                } catch (RuntimeException e) {
                                  IllegalStateException other = new IllegalStateException(e);
                                  other.addSuppressed(new Exception());
                                  throw other;
                                }
                              } catch (IllegalStateException e) {
                                see(seen, e);
                              }
                            })))
            .stream()
            .map(line -> line.replaceFirst("^fail:\\d+ ", ""))
            .toList(),
        1);
  }

  @Test
  void aFieldAnArrayALambdaAndAnotherException() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          co.yield(1);
                          try {
                            fail(1);
                          } catch (RuntimeException e) {
                            field = e;
                            see(seen, field);
                          }
                          Throwable[] array = new Throwable[1];
                          try {
                            fail(2);
                          } catch (RuntimeException e) {
                            array[0] = e;
                          }
                          seeFirst(seen, array);
                          try {
                            fail(3);
                          } catch (RuntimeException e) {
                            Supplier<Throwable> lambda = () -> e;
                            seeFirst(seen, lambda);
                          }
                          try {
                            fail(4);
                          } catch (RuntimeException e) {
                            seeHeld(seen, new Own(e));
                          }
                        }))),
        2);
  }

  private static void seeFirst(List<String> seen, Throwable[] array) {
    see(seen, array[0]);
  }

  private static void seeFirst(List<String> seen, Supplier<Throwable> lambda) {
    see(seen, lambda.get());
  }

  private static void seeHeld(List<String> seen, Own own) {
    see(seen, (Throwable) own.held);
  }

  @Test
  void aYieldedOneAndAResult() {
    check(
        seen(
            seen -> {
              Generator<Throwable> g =
                  Generator.of(
                      co -> {
                        try {
                          fail(1);
                        } catch (RuntimeException e) {
                          co.yield(e);
                        }
                        co.yield(new Exception());
                      });
              steppedOnce(g);
              see(seen, steppedOnce(g));
              Generator<Throwable> first =
                  Generator.of(
                      co -> {
                        co.yield(new Exception());
                      });
              see(seen, steppedOnce(first));
            }),
        1);
  }

  // An exception that was made, and the stack

  @Test
  void aNewException() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          see(seen, new Exception());
                          co.yield(1);
                          see(seen, new Exception("x").getStackTrace());
                          Exception kept = new Exception();
                          co.yield(1);
                          see(seen, kept);
                        }))),
        1);
  }

  @Test
  void theStackOfTheThread() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          see(seen, Thread.currentThread().getStackTrace());
                          co.yield(1);
                          Thread own = Thread.currentThread();
                          see(seen, own.getStackTrace());
                        }))),
        1);
  }

  @Test
  void theStacksOfAllThreads() {
    EngineChoice.use(new BestEngine()); // virtual threads are not among them
    List<String> seen = new ArrayList<>();
    stepped(
        Generator.<Integer>of(
            co -> {
              co.yield(1);
              Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
              see(seen, all.get(Thread.currentThread()));
            }));
    check(seen, 1);
  }

  @Test
  void theFramesOfAStackWalker() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co -> {
                          StackWalker walker = StackWalker.getInstance();
                          see(seen, walker.walk(OwnTracesTest::elements));
                          co.yield(1);
                          see(seen, walker.walk(OwnTracesTest::elements));
                          List<StackWalker.StackFrame> frames = new ArrayList<>();
                          walker.forEach(frames::add);
                          see(seen, elements(frames.stream()));
                          seen.add(frames.get(0).getMethodName().replaceAll("\\d", ""));
                          seen.add(frames.get(0).getClassName());
                          seen.add("" + frames.get(0).getFileName());
                        }))),
        1);
  }

  private static StackTraceElement[] elements(
      java.util.stream.Stream<StackWalker.StackFrame> frames) {
    return frames
        .map(StackWalker.StackFrame::toStackTraceElement)
        .toArray(StackTraceElement[]::new);
  }

  private static void each(int times, IntConsumer action) {
    for (int i = 0; i < times; i++) {
      action.accept(i);
    }
  }

  @Test
  void theFramesOfAWalkInALambda() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co ->
                            each(
                                2,
                                i -> {
                                  StackWalker walker = StackWalker.getInstance();
                                  see(seen, walker.walk(OwnTracesTest::elements));
                                  List<StackWalker.StackFrame> frames = new ArrayList<>();
                                  walker.forEach(frames::add);
                                  see(seen, elements(frames.stream()));
                                  co.yield(i);
                                })))),
        3);
  }

  /** The lambda, who calls it, and the body; what steps the body is another matter. */
  private static void seeTop(List<String> seen, StackTraceElement[] stack) {
    seen.add(
        Arrays.stream(stack)
            .filter(line -> line.getClassName().equals(OwnTracesTest.class.getName()))
            .limit(3)
            .map(line -> line.getMethodName() + ":" + line.getLineNumber())
            .collect(Collectors.joining(" ")));
  }

  @Test
  void aRunningLambdaAsOtherThreadsSeeIt() {
    check(
        seen(
            seen ->
                stepped(
                    Generator.<Integer>of(
                        co ->
                            each(
                                1, // in a later step the body is not on the stack
                                i -> {
                                  seeTop(seen, RunningStack.of(Thread.currentThread()));
                                  co.yield(i);
                                })))),
        3);
  }

  @Test
  void theStartOfATaskInALambda() {
    check(
        seen(
            seen -> {
              try (EventLoop loop = EventLoop.open()) {
                loop.setDebug(true);
                loop.runUntilComplete(
                    Async.action(
                        co ->
                            each(
                                1,
                                i -> {
                                  Task<Void> task = Task.start(Async.action(in -> {}));
                                  seeTop(seen, ((LoopTask<?>) task).startedAt());
                                  awaited(co, task);
                                })));
              } catch (Exception failed) {
                throw new AssertionError(failed);
              }
            }),
        3);
  }

  private static void awaited(Awaiter co, Task<Void> task) {
    try {
      co.await(task);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static void caller(Yielder<?, Integer> co, List<String> seen) {
    StackWalker walker = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    co.yield(1);
    seen.add(walker.getCallerClass().getName());
    seen.add(walker.walk(s -> s.map(f -> f.getDeclaringClass().getName()).findFirst()).get());
    co.yield(1);
    seen.add(walker.getCallerClass().getName());
  }

  @Test
  void theCallerOfAHelper() {
    assertEquals(
        List.of(
            OwnTracesTest.class.getName(),
            OwnTracesTest.class.getName(),
            OwnTracesTest.class.getName()),
        seen(seen -> stepped(Generator.<Integer>of(co -> caller(co, seen)))));
  }

  @EngineTest
  void aWalkerThatRetainsNoClassesGivesNone() {
    stepped(
        Generator.<Integer>of(
            co -> {
              StackWalker walker = StackWalker.getInstance();
              assertThrows(UnsupportedOperationException.class, () -> walker.getCallerClass());
              try {
                walker.getCallerClass();
                throw new AssertionError();
              } catch (UnsupportedOperationException expected) {
                co.yield(1);
              }
            }));
  }

  @Test
  void aDumpOfTheStack() {
    EngineChoice.use(new BestEngine());
    PrintStream before = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true));
    try {
      stepped(
          Generator.<Integer>of(
              co -> {
                co.yield(1);
                Thread.dumpStack();
              }));
    } finally {
      System.setErr(before);
    }
    assertTrue(out.toString().contains("OwnTracesTest.lambda$"), out::toString);
    assertFalse(out.toString().contains("fermata$"), out::toString);
    assertFalse(out.toString().contains(RUNTIME), out::toString);
  }

  // Helpers, delegates, bodies that step others

  private static int down(Yielder<?, Integer> co, int n, List<String> seen) {
    if (n == 0) {
      see(seen, new Exception());
      co.yield(n);
      see(seen, Thread.currentThread().getStackTrace());
      throw new IllegalStateException();
    }
    try {
      return 1 + down(co, n - 1, seen);
    } catch (IllegalStateException e) {
      if (n % 3 == 1) {
        see(seen, e);
      }
      throw e;
    }
  }

  @Test
  void helpersShowTheCallsThatTheyAreIn() {
    List<String> seen =
        seen(
            all -> {
              Generator<Integer> g =
                  Generator.of(
                      co -> {
                        down(co, 7, all);
                      });
              steppedOnce(g);
              see(all, assertThrows(IllegalStateException.class, () -> stepped(g)));
            });
    check(seen, 9);
  }

  @Test
  void manyHelpersShowTheCallsThatTheyAreIn() {
    List<String> seen =
        seen(
            all -> {
              Generator<Integer> g =
                  Generator.of(
                      co -> {
                        down(co, 100, all);
                      });
              steppedOnce(g);
              see(all, assertThrows(IllegalStateException.class, () -> stepped(g)));
            });
    check(seen, 102);
  }

  private static void logged(Yielder<?, Integer> co, List<Throwable> log, boolean first) {
    try {
      if (first) {
        fail(1);
      }
      co.yield(1);
      fail(2);
    } catch (IndexOutOfBoundsException e) {
      log.add(e);
      throw e;
    }
  }

  /** The final trace of a failure that was passed on on its way; as without that. */
  @Test
  void aFailureThatWasPassedOnKeepsItsLines() {
    for (boolean first : new boolean[] {true, false}) {
      List<String> seen =
          seen(
              all -> {
                List<Throwable> log = new ArrayList<>();
                Generator<Integer> inner =
                    Generator.of(
                        co -> {
                          logged(co, log, first);
                        });
                Generator<Integer> outer =
                    Generator.of(
                        co -> {
                          co.yieldFrom(inner);
                        });
                IndexOutOfBoundsException failure =
                    assertThrows(IndexOutOfBoundsException.class, () -> stepped(outer));
                assertEquals(List.of(failure), log);
                see(all, failure);
              });
      check(seen, 4);
    }
  }

  private static void stepping(Yielder<?, Integer> co, Iterable<Integer> steps) {
    for (int each : steps) {
      co.yield(each);
    }
  }

  @Test
  void aFailureThatWasPassedOnPassesABodyThatSteppedIt() {
    for (boolean first : new boolean[] {true, false}) {
      List<String> seen =
          seen(
              all -> {
                List<Throwable> log = new ArrayList<>();
                GeneratorBody<Integer> logging = co -> logged(co, log, first);
                Generator<Integer> outer =
                    Generator.of(
                        co -> {
                          co.yield(0);
                          stepping(co, Generator.of(logging));
                        });
                see(all, assertThrows(IndexOutOfBoundsException.class, () -> stepped(outer)));
              });
      check(seen, 5);
    }
  }

  @Test
  void aFailureHeldOverAYieldAndPassedOnKeepsItsLines() {
    List<String> seen =
        seen(
            all -> {
              Generator<Integer> g =
                  Generator.of(
                      co -> {
                        holding(co, all);
                      });
              see(all, assertThrows(IndexOutOfBoundsException.class, () -> stepped(g)));
            });
    check(seen, 3);
  }

  private static void holding(Yielder<?, Integer> co, List<String> seen) {
    try {
      fail(1);
    } catch (IndexOutOfBoundsException e) {
      see(seen, e);
      co.yield(1);
      see(seen, e);
      throw e;
    }
  }

  @EngineTest
  void anAsyncBodyPassesOnWhatItCatches() throws Exception {
    List<String> seen = new ArrayList<>();
    EventLoop.run(
        Async.of(
            co -> {
              co.await(Async.sleep(java.time.Duration.ZERO));
              try {
                fail(1);
              } catch (RuntimeException e) {
                see(seen, e);
              }
              return null;
            }));
    assertTrue(seen.get(0).startsWith("fail:"), seen::toString);
    assertTrue(seen.get(0).contains(" lambda$anAsyncBody"), seen::toString);
  }

  /** Bodies of a named class, whose methods have names like those of frames. */
  public static final class Resume implements GeneratorBody<Integer> {
    private final Collection<String> seen;

    Resume(Collection<String> seen) {
      this.seen = seen;
    }

    @Override
    public void run(Yielder<?, Integer> co) {
      co.yield(1);
      resume(co, null);
      close(co);
      state(co);
    }

    private int resume(Yielder<?, Integer> co, Throwable none) {
      co.yield(2);
      return add(new Exception());
    }

    private void close(Yielder<?, Integer> co) {
      co.yield(3);
      add(new Exception());
    }

    private void state(Yielder<?, Integer> co) {
      co.yield(4);
      add(new Exception());
    }

    private int add(Exception e) {
      seen.add(
          Arrays.stream(e.getStackTrace())
              .filter(line -> line.getClassName().equals(Resume.class.getName()))
              .map(StackTraceElement::getMethodName)
              .collect(Collectors.joining(" ")));
      return 0;
    }
  }

  @EngineTest
  void methodsMayHaveNamesOfTheFrames() {
    List<String> seen = new ArrayList<>();
    Generator<Integer> g = Generator.of(new Resume(seen));
    assertEquals(List.of(1, 2, 3, 4), g.stream().toList());
    assertEquals(List.of("resume run", "close run", "state run"), seen);
  }
}
