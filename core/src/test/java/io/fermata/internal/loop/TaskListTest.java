package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskListTest {
  private final SteppedLoop stepped = new SteppedLoop();

  @AfterEach
  void close() {
    stepped.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itIsAListThatTasksLeaveAnywhere(long seed) {
    Random random = new Random(seed);
    TaskList list = new TaskList();
    List<LoopTask<?>> model = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      if (random.nextInt(100) < 55 || model.isEmpty()) {
        LoopTask<?> task =
            new LoopTask<>(
                stepped.loop, Scripted.of(sent -> sent), null, "#" + step, Bindings.EMPTY);
        list.add(task);
        model.add(task);
      } else {
        list.remove(model.remove(random.nextInt(model.size())));
      }
      assertEquals(model, list.toList(), "step " + step);
      assertEquals(model.size(), list.size(), "step " + step);
      assertEquals(model.isEmpty(), list.isEmpty(), "step " + step);
    }
  }

  @Test
  void tasksAreInItFromStartToEnd() {
    LoopPromise<String> promise = stepped.promise();
    LoopTask<String> first = stepped.start(promise);
    LoopTask<String> second = stepped.start(promise);
    assertEquals(List.of(first, second), stepped.loop.taskList.toList());
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of(), stepped.loop.taskList.toList());
  }
}
