package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.CoroutineBody;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Lambdas that hold {@code co} and are only called: by iteration of the JDK, by the program. */
class IterationLambdasTest {
  private final List<String> abc = List.of("a", "b", "c");

  // The JDK's iteration

  @EngineTest
  void forEachOfAList() {
    assertTrace(
        "a b c =123",
        co -> {
          StringBuilder got = new StringBuilder();
          abc.forEach(x -> got.append(co.yield(x)));
          return got;
        });
  }

  @EngineTest
  void forEachOfEachKindOfCollection() {
    for (Iterable<String> list :
        List.<Iterable<String>>of(
            abc,
            new ArrayList<>(abc),
            new LinkedList<>(abc),
            Arrays.asList("a", "b", "c"),
            new java.util.TreeSet<>(abc),
            new java.util.LinkedHashSet<>(abc),
            new java.util.concurrent.CopyOnWriteArrayList<>(abc),
            (Iterable<String>) abc::iterator)) {
      assertTrace(
          "a1 b2 c3 =null",
          co -> {
            list.forEach(x -> co.yield(x + (x.charAt(0) - 'a' + 1)));
            return null;
          });
    }
  }

  @EngineTest
  void aReferenceToYieldIsALambda() {
    Generator<String> generator = Generator.of(co -> abc.forEach(co::yield));
    Run.assertCompiled(generator);
    assertEquals(abc, generator.stream().toList());
    IntGenerator ints = IntGenerator.of(co -> IntStream.range(3, 6).forEach(co::yield));
    Run.assertCompiled(ints);
    assertEquals(List.of(3, 4, 5), ints.stream().boxed().toList());
  }

  @EngineTest
  void forEachOfAMap() {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("a", 1);
    map.put("b", null);
    for (Map<String, Integer> each : List.of(map, new TreeMap<>(map))) {
      assertTrace(
          "a1 bnull =null",
          co -> {
            each.forEach((key, value) -> co.yield(key + value));
            return null;
          });
    }
  }

  @EngineTest
  void aRangeIsACountingLoop() {
    assertTrace(
        "2 3 10 9223372036854775806 9223372036854775807 2147483647 =null",
        co -> {
          IntStream.range(2, 4).forEach(i -> co.yield(i));
          IntStream.range(4, 4).forEach(i -> co.yield(i));
          IntStream.rangeClosed(5, 4).forEach(i -> co.yield(i));
          LongStream.range(10, 11).forEachOrdered(i -> co.yield(i));
          LongStream.rangeClosed(Long.MAX_VALUE - 1, Long.MAX_VALUE).forEach(i -> co.yield(i));
          IntStream.rangeClosed(Integer.MAX_VALUE, Integer.MAX_VALUE).forEach(i -> co.yield(i));
          return null;
        });
  }

  @EngineTest
  void anOptionalIsACondition() {
    assertTrace(
        "a 5 none other =null",
        co -> {
          Optional.of("a").ifPresent(x -> co.yield(x));
          Optional.empty().ifPresent(x -> co.yield("never"));
          OptionalInt.of(5).ifPresent(x -> co.yield(x));
          Optional.empty().ifPresentOrElse(x -> log(x), () -> co.yield("none"));
          Optional.of("other").ifPresentOrElse(x -> co.yield(x), () -> log("never"));
          return null;
        });
  }

  @EngineTest
  void forEachRemainingOfAnIterator() {
    Iterator<String> iterator = new LinkedHashMap<>(Map.of("a", 1)).keySet().iterator();
    assertTrace(
        "a b c 7 8 =null",
        co -> {
          iterator.forEachRemaining(x -> co.yield(x));
          Iterator<String> own = abc.iterator();
          own.next();
          own.forEachRemaining(x -> co.yield(x));
          PrimitiveIterator.OfInt ints = IntStream.range(7, 9).iterator();
          while (ints.hasNext()) {
            co.yield(ints.nextInt());
          }
          return null;
        });
  }

  @EngineTest
  void anIteratorOfTheBodysOwnIsWalked() {
    assertTrace(
        "a b c b c a !ConcurrentModificationException",
        co -> {
          new ArrayList<>(abc).iterator().forEachRemaining(x -> co.yield(x));
          Iterator<String> own = new ArrayList<>(abc).iterator();
          own.next();
          own.forEachRemaining(co::yield);
          List<String> one = new ArrayList<>(List.of("a"));
          one.iterator()
              .forEachRemaining(
                  x -> {
                    co.yield(x);
                    one.clear();
                  });
          return "never";
        });
  }

  @EngineTest
  void anIteratorThatIsUsedLaterIsCalled() {
    assertEquals(
        "a a =null",
        Run.ofAny(
                co -> {
                  Iterator<String> own = new ArrayList<>(abc).iterator();
                  try {
                    own.forEachRemaining(
                        x -> {
                          co.yield(x);
                          throw new IllegalStateException();
                        });
                  } catch (IllegalStateException expected) {
                    co.yield(own.next()); // it has not moved
                  }
                  return null;
                })
            .toEnd());
  }

  @EngineTest
  void aListThatIsModifiedThrowsWhereTheCallDoes() {
    assertTrace(
        "a !ConcurrentModificationException",
        co -> {
          List<String> one = new ArrayList<>(List.of("a"));
          one.forEach(
              x -> {
                co.yield(x);
                one.add("b");
              });
          return "never";
        });
    assertTrace(
        "a1 b2 !ConcurrentModificationException",
        co -> {
          Map<String, Integer> map = new java.util.HashMap<>(Map.of("a", 1, "b", 2));
          map.forEach(
              (key, value) -> {
                map.remove("a");
                co.yield(key + value);
              });
          return "never";
        });
  }

  @EngineTest
  void theReceiverMayBeOneOfTwo() {
    for (boolean first : new boolean[] {true, false}) {
      Iterator<String> given =
          new Iterator<>() {
            private int left = 2;

            @Override
            public boolean hasNext() {
              return left > 0;
            }

            @Override
            public String next() {
              return "given" + left--;
            }

            @Override
            public void forEachRemaining(Consumer<? super String> action) {
              action.accept("all");
            }
          };
      assertEquals(
          (first ? "all 1 2 " : "a b c 5 6 7 ") + "=null",
          Run.ofAny(
                  co -> {
                    (first ? given : abc.iterator()).forEachRemaining(x -> co.yield(x));
                    (first ? IntStream.range(1, 3) : IntStream.range(5, 8))
                        .forEach(x -> co.yield(x));
                    return null;
                  })
              .toEnd());
    }
  }

  @EngineTest
  void theReceiverIsCheckedFirst() {
    assertTrace(
        "evaluated !NullPointerException",
        co -> {
          List<String> none = abc.isEmpty() ? abc : null;
          log("evaluated");
          try {
            none.forEach(x -> co.yield(x));
            return "never";
          } catch (NullPointerException expected) {
            throw new NullPointerException();
          }
        });
  }

  // The program's own calls

  private static <T> void each(List<T> list, Consumer<? super T> action) {
    for (T x : list) {
      action.accept(x);
    }
  }

  private static void tree(int depth, Consumer<Integer> action) {
    if (depth > 0) {
      tree(depth - 1, action);
      action.accept(depth);
      tree(depth - 1, action);
    }
  }

  private interface Act<T, E extends Exception> {
    Object on(T x, long n) throws E;
  }

  private static <E extends Exception> String join(List<String> list, Act<String, E> act) throws E {
    java.util.Objects.requireNonNull(act);
    StringBuilder joined = new StringBuilder();
    long n = 0;
    for (String x : list) {
      joined.append(act.on(x, n++));
    }
    return joined.toString();
  }

  @EngineTest
  void aMethodThatOnlyCallsIsAHelper() {
    int more = 7;
    assertTrace(
        "a7 b7 c7 =null",
        co -> {
          each(abc, x -> co.yield(x + more));
          return null;
        });
  }

  @EngineTest
  void theMethodMayBeRecursive() {
    assertTrace(
        "1 2 1 =null",
        co -> {
          tree(2, x -> co.yield(x));
          return null;
        });
  }

  @EngineTest
  void theInterfaceMayBeTheProgramsOwn() {
    assertTrace("a0 b1 c2 =1a2b3c", co -> join(abc, (x, n) -> co.yield(x + n) + x));
    assertTrace(
        "a !IOException:b",
        co ->
            join(
                abc,
                (x, n) -> {
                  if (n == 1) {
                    throw new java.io.IOException(x);
                  }
                  return co.yield(x);
                }));
  }

  private Object instance(Function<String, Object> f) {
    return f.apply("x") + "" + f.apply("y");
  }

  private static void all(Consumer<String> action, String only) {
    action.accept(only);
  }

  private static void all(Consumer<String> action, List<String> list) {
    all(action, list, "-");
  }

  private static void all(Consumer<String> action, List<String> list, String end) {
    for (String x : list) {
      all(action, x);
    }
    all(action, end);
  }

  @EngineTest
  void overloadsMayPassTheSameLambdaOn() {
    assertTrace(
        "a b c - =null",
        co -> {
          all(x -> co.yield(x), abc);
          return null;
        });
  }

  private static int count(List<String> list, Predicate<String> wanted) {
    int count = 0;
    for (String each : list) {
      count += wanted.test(each) ? 1 : 0;
    }
    return count;
  }

  @EngineTest
  void resultsOfLambdasAreKept() {
    assertTrace("x y =12", co -> instance(x -> co.yield(x)));
    assertTrace("a b c =2", co -> count(abc, x -> (int) co.yield(x) != 2));
    assertTrace(
        "1 2 3 =r12l3",
        co -> {
          Supplier<Object> supplier = () -> co.yield(1);
          BiFunction<String, Object, String> both = (a, b) -> a + b + co.yield(2);
          Function<Long, Object> boxed = x -> "l" + co.yield(x);
          return both.apply("r", supplier.get()) + boxed.apply(3L);
        });
  }

  @EngineTest
  void aLambdaMayBePassedOn() {
    assertTrace(
        "a b c a b c 1 =null",
        co -> {
          Consumer<Object> emit = x -> co.yield(x);
          List.of(abc, abc).forEach(list -> list.forEach(emit));
          twice(emit);
          return null;
        });
  }

  private static void twice(Consumer<Object> action) {
    each(List.of(1), x -> action.accept(x));
  }

  @EngineTest
  void lambdasLieInOneAnother() {
    assertTrace(
        "aa ab ac ba bb bc ca cb cc =null",
        co -> {
          abc.forEach(x -> abc.forEach(y -> co.yield(x + y)));
          return null;
        });
  }

  // Control flow and the operand stack

  @EngineTest
  void handlersOfLambdaAndBodyNest() {
    assertTrace(
        "a inner:1 finally b finally outer:b after =end",
        co -> {
          try {
            abc.forEach(
                x -> {
                  try {
                    Object got = co.yield(x);
                    if (x.equals("b")) {
                      throw new IllegalStateException(x);
                    }
                    throw new IllegalArgumentException("" + got);
                  } catch (IllegalArgumentException caught) {
                    log("inner:" + caught.getMessage());
                  } finally {
                    log("finally");
                  }
                });
          } catch (IllegalStateException caught) {
            log("outer:" + caught.getMessage());
          }
          co.yield("after");
          return "end";
        });
  }

  @EngineTest
  void whatIsRaisedArrivesInTheLambda() {
    Run run =
        Run.of(
            co -> {
              abc.forEach(
                  x -> {
                    try {
                      co.yield(x);
                    } catch (IllegalStateException raised) {
                      log("caught " + raised.getMessage());
                    }
                  });
              return "end";
            });
    run.step().raise(new IllegalStateException("x")).step().step();
    assertEquals("a caught x b c =end", run.toString());
  }

  @EngineTest
  void closingRunsTheFinallyBlocks() {
    Run run =
        Run.of(
            co -> {
              try {
                abc.forEach(
                    x -> {
                      try {
                        co.yield(x);
                      } finally {
                        log("inner");
                      }
                    });
              } finally {
                log("outer");
              }
              return "never";
            });
    assertEquals("a inner outer", run.step().close().toString());
  }

  @EngineTest
  void operandsBelowTheCallAreKept() {
    assertTrace(
        "1 2 =100null12",
        co -> {
          Function<Object, Object> f =
              x -> {
                try {
                  return co.yield(x);
                } catch (RuntimeException never) {
                  return never;
                }
              };
          long hundred = 100;
          return hundred + (String) null + f.apply(1) + f.apply(2);
        });
  }

  @EngineTest
  void earlyReturnsLeaveTheLambdaOnly() {
    assertTrace(
        "a c =end",
        co -> {
          abc.forEach(
              x -> {
                if (x.equals("b")) {
                  return;
                }
                co.yield(x);
              });
          return "end";
        });
  }

  @EngineTest
  void capturedValuesAreThoseOfTheCreation() {
    assertTrace(
        "0 1 2 =null",
        co -> {
          for (int i = 0; i < 3; i++) {
            int now = i;
            Runnable later = () -> co.yield(now);
            i += 0;
            later.run();
          }
          return null;
        });
  }

  @EngineTest
  void longsAndDoublesAreCaptured() {
    long n = 1L << 40;
    double d = 0.5;
    assertTrace(
        "a0.5 =null",
        co -> {
          List.of("a").forEach(x -> co.yield(x + (n - (1L << 40) + d)));
          return null;
        });
  }

  // What does not only iterate

  private Consumer<String> kept;

  @EngineTest
  void aLambdaThatIsKeptRunsOnAThread() {
    Run.onThread(
        co -> {
          kept = x -> co.yield(x);
          kept.accept("a");
          return null;
        },
        "stored at IterationLambdasTest.java");
    Run.onThread(
        co -> {
          abc.stream().forEach(x -> co.yield(x));
          return null;
        },
        "co is captured by a lambda that is passed to Stream.forEach() at");
  }

  @EngineTest
  void oneOfTwoLambdasRunsOnAThread() {
    Run.onThread(
        co -> {
          Consumer<String> one = abc.isEmpty() ? x -> co.yield(x) : x -> co.yield(x + x);
          abc.forEach(one);
          return null;
        },
        "several lambdas");
  }

  /** Its forEach does more than iterate. */
  private static final class Framed extends ArrayList<String> {
    Framed(List<String> list) {
      super(list);
    }

    @Override
    public void forEach(Consumer<? super String> action) {
      action.accept("<");
      super.forEach(action);
      action.accept(">");
    }
  }

  @EngineTest
  void anOverridingClassIsCalled() {
    List<String> framed = new Framed(abc);
    for (int i = 0; i < 2; i++) {
      CoroutineBody<Integer, Object, Object> body =
          co -> {
            framed.forEach(x -> co.yield(x));
            return "end";
          };
      assertEquals("< a b c > =end", Run.ofAny(body).toEnd());
    }
  }

  @EngineTest
  void aLockIsHeldByTheCall() {
    List<String> locked = java.util.Collections.synchronizedList(new ArrayList<>(abc));
    assertEquals(
        "a b c =end",
        Run.ofAny(
                co -> {
                  locked.forEach(x -> co.yield(x));
                  return "end";
                })
            .toEnd());
  }

  @EngineTest
  void longGeneratorsIterateToo() {
    LongGenerator longs = LongGenerator.of(co -> List.of(1L, 2L).forEach(x -> co.yield(x)));
    Run.assertCompiled(longs);
    assertEquals(List.of(1L, 2L), longs.stream().boxed().toList());
  }
}
