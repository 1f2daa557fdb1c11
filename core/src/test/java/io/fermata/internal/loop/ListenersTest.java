package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final List<Integer> log = new ArrayList<>();

  private final class Noting extends Listener {
    private final int number;

    Noting(int number) {
      this.number = number;
    }

    @Override
    public void run() {
      log.add(number);
    }
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void thoseWhoStayAreToldInOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    LoopPromise<String> promise = stepped.promise();
    List<Noting> there = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      if (there.isEmpty() || random.nextInt(5) < 3) {
        Noting added = new Noting(i);
        there.add(added);
        promise.listen(added);
      } else {
        promise.forget(there.remove(random.nextInt(there.size())));
      }
    }
    promise.setResult("value");
    stepped.settle();
    assertEquals(there.stream().map(each -> each.number).toList(), log, "seed " + seed);
  }

  @Test
  void aListenerLeavesOnce() {
    Noting one = new Noting(1);
    Noting two = new Noting(2);
    Noting stranger = new Noting(3);
    Listeners all = new Listeners(one, two);
    assertFalse(all.remove(stranger));
    assertTrue(all.remove(one));
    assertFalse(all.remove(one));
    assertFalse(all.isEmpty());
    assertTrue(all.remove(two));
    assertTrue(all.isEmpty());
  }

  @Test
  void manyWhoCameAndLeftLeaveNoGaps() {
    Noting first = new Noting(0);
    Noting second = new Noting(1);
    Listeners all = new Listeners(first, second);
    for (int i = 2; i < 10_000; i++) {
      Noting passing = new Noting(i);
      all.add(passing);
      assertTrue(all.remove(passing));
    }
    assertTrue(all.places() <= 16, all.places() + " places");
    List<Object> left = new ArrayList<>();
    all.forEach(left::add);
    assertEquals(List.of(first, second), left);
  }
}
