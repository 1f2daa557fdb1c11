import io.fermata.Coroutine;
import java.util.ArrayList;
import java.util.List;

/** A coroutine that delegates to others, one after the other, and collects their results. */
public class Accumulate {
  public static void main(String[] args) {
    List<Integer> tallies = new ArrayList<>();
    Coroutine<Integer, Void, Void> gatherer = gatherTallies(tallies);
    gatherer.next(); // prime it: run to the first yield

    for (int i = 0; i < 4; i++) gatherer.send(i);
    gatherer.send(null); // ends the first tally
    for (int i = 0; i < 5; i++) gatherer.send(i);
    gatherer.send(null); // ends the second one

    System.out.println(tallies);
  }

  static Coroutine<Integer, Void, Void> gatherTallies(List<Integer> tallies) {
    return Coroutine.of(
        co -> {
          while (true) {
            Integer tally = co.yieldFrom(accumulate());
            tallies.add(tally);
          }
        });
  }

  static Coroutine<Integer, Void, Integer> accumulate() {
    return Coroutine.of(
        co -> {
          int tally = 0;
          Integer value = co.yield();
          while (value != null) {
            tally += value;
            value = co.yield();
          }
          return tally;
        });
  }
}
