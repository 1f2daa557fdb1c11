package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;

import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;

/** Loops and switches of all forms; what javac never makes is in AssembledTest. */
class LoopsTest {
  @EngineTest
  void yieldsAreTheConditionsOfLoops() {
    assertTrace(
        "c in1 c in2 c d b1 d b2 d =7",
        co -> {
          int n = 0;
          while (co.yield("c") < 5 && n < 2) {
            log("in" + ++n);
          }
          int m = 0;
          while (true) {
            co.yield("d");
            if (m == 2) {
              break;
            }
            co.yield("b" + ++m);
          }
          return n + m + 3;
        });
  }

  @EngineTest
  void aDoLoopYieldsInBodyAndCondition() {
    assertTrace(
        "b0 c b1 c b2 c =3",
        co -> {
          int i = 0;
          do {
            co.yield("b" + i++);
          } while (co.yield("c") < 6);
          return i;
        });
  }

  @EngineTest
  void aForLoopYieldsInAllItsParts() {
    assertTrace(
        "i c b u c b u c =12",
        co -> {
          int sum = 0;
          int last = 0;
          for (int i = co.yield("i"); co.yield("c") < 8; i += co.yield("u")) {
            sum += i;
            last = co.yield("b");
          }
          return sum + last;
        });
  }

  @EngineTest
  void labelledBreaksAndContinuesLeaveNestedLoops() {
    assertTrace(
        "00 01 10 11 12 20 end =3",
        co -> {
          int rows = 0;
          rows:
          for (int i = 0; i < 5; i++) {
            rows++;
            for (int j = 0; j < 3; j++) {
              co.yield("" + i + j);
              if (i == 0 && j == 1) {
                continue rows;
              }
              if (i == 2) {
                break rows;
              }
            }
          }
          block:
          {
            if (co.yield("end") > 0) {
              break block;
            }
            log("never");
          }
          return rows;
        });
  }

  @EngineTest
  void loopsNestThreeDeepWithYieldsAtEveryDepth() {
    assertTrace(
        "a0 b00 c000 c001 d0 a1 b10 c100 c101 d1 =4",
        co -> {
          int count = 0;
          for (int i = 0; i < 2; i++) {
            co.yield("a" + i);
            for (int j = 0; j < 1; j++) {
              co.yield("b" + i + j);
              for (long k = 0; k < 2; k++) {
                co.yield("c" + i + j + k);
                count++;
              }
            }
            co.yield("d" + i);
          }
          return count;
        });
  }

  @EngineTest
  void aLoopIsEnteredInTheMiddle() {
    assertTrace(
        "m0 t1 m1 t2 m2 =3",
        co -> {
          boolean first = true;
          int i = 0;
          while (true) {
            if (!first) {
              co.yield("t" + i);
            }
            first = false;
            co.yield("m" + i);
            if (++i == 3) {
              return i;
            }
          }
        });
  }

  @EngineTest
  @SuppressWarnings("fallthrough")
  void oldSwitchesFallThrough() {
    assertTrace(
        "one two d two d d =12",
        co -> {
          int sum = 0;
          for (int i = 1; i <= 3; i++) {
            switch (i) {
              case 1:
                sum += co.yield("one");
              // fall through
              case 2:
                sum += co.yield("two");
              // fall through
              default:
                co.yield("d");
            }
          }
          return sum + 5;
        });
  }

  @EngineTest
  void sparseSwitchesAndCharactersChoose() {
    assertTrace(
        "-1 m 1000000 x c2 d =null",
        co -> {
          for (int i : new int[] {-1, Integer.MIN_VALUE, 1_000_000}) {
            switch (i) {
              case -1 -> co.yield(-1);
              case Integer.MIN_VALUE -> co.yield("m");
              case 1_000_000 -> co.yield(1_000_000);
              default -> co.yield("never");
            }
          }
          for (char c : "xyz".toCharArray()) {
            Object shown =
                switch (c) {
                  case 'x' -> "x";
                  case 'y' -> {
                    String s = "c";
                    yield s + 2;
                  }
                  default -> 'd';
                };
            co.yield(shown);
          }
          return null;
        });
  }

  @EngineTest
  void switchExpressionsYieldBothWays() {
    assertTrace(
        "sel arm1 blk =15",
        co ->
            10
                + switch (co.yield("sel")) {
                  case 0 -> 100;
                  case 1 -> {
                    int x = co.yield("arm1");
                    yield x + co.yield("blk");
                  }
                  default -> throw new IllegalStateException();
                });
  }

  @EngineTest
  void aSwitchInALoopContinuesIt() {
    assertTrace(
        "0 1 skip 3 =out",
        co -> {
          for (int i = 0; ; i++) {
            switch (i) {
              case 2:
                log("skip");
                continue;
              case 4:
                return "out";
              default:
                break;
            }
            co.yield(i);
          }
        });
  }

  private static int thirdOf(Yielder<Integer, Object> co, int n) {
    return n == 1 ? co.yield("h" + n) : n;
  }

  @EngineTest
  void aLoopAndTheLoopInItAreBothEnteredInTheirMidst() {
    assertTrace(
        "y1 h1 y2 h1 =8",
        co -> {
          int sum = 0;
          for (int x : new int[] {1, 2}) {
            if (x > 2) {
              break;
            }
            if (sum >= 0) {
              co.yield("y" + x);
              int n = 0;
              do {
                sum += thirdOf(co, n);
              } while (++n < 2 && true);
            } else {
            }
          }
          return sum + 2;
        });
  }

  @EngineTest
  void codeAfterAnEndlessLoopIsMissing() {
    assertTrace(
        "1 2 !IllegalStateException:3",
        co -> {
          int n = 0;
          while (true) {
            co.yield(++n);
            if (n == 2) {
              throw new IllegalStateException("" + (n + 1));
            }
          }
        });
  }

  @EngineTest
  void aBodyWithoutAYieldRuns() {
    assertTrace(
        "ran =1",
        co -> {
          log("ran");
          return 1;
        });
  }

  @EngineTest
  void anEmptyBodyEnds() {
    assertTrace("=null", co -> null);
  }
}
