package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import java.time.Duration;

/** A program of its own: a million tasks start, sleep at the same time, and end. */
public final class Sleepers {
  private static final int TASKS = 1_000_000;

  private Sleepers() {}

  /**
   * Runs it.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    long begun = System.nanoTime();
    int[] ended = new int[1];
    int[] most = new int[1];
    int[] asleep = new int[1];
    EventLoop.run(
        TaskGroup.action(
            (co, group) -> {
              for (int i = 0; i < TASKS; i++) {
                group.start(
                    Async.action(
                        in -> {
                          asleep[0]++;
                          most[0] = Math.max(most[0], asleep[0]);
                          in.await(Async.sleep(Duration.ofSeconds(5)));
                          asleep[0]--;
                          ended[0]++;
                        }));
              }
            }));
    System.out.printf(
        "%d %d %d %d%n",
        ended[0],
        most[0],
        Runtime.getRuntime().maxMemory() >> 20,
        (System.nanoTime() - begun) / 1_000_000);
  }
}
