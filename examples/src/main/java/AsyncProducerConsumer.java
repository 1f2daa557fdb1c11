import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.util.List;

/**
 * A producer and two consumers share a queue with room for two: who finds it full or empty waits,
 * and the others run. The main task waits until every item is done.
 */
public class AsyncProducerConsumer {
  public static void main(String[] args) throws Exception {
    EventLoop.run(main());
  }

  static Async<Void> main() {
    return Async.action(
        co -> {
          AsyncQueue<Integer> queue = AsyncQueue.fifo(2);
          List<Task<Void>> consumers =
              List.of(Task.start(consumer("first", queue)), Task.start(consumer("second", queue)));

          co.await(producer(7, queue));
          co.await(queue.join());
          System.out.println("all done");
          consumers.forEach(Task::cancel);
        });
  }

  static Async<Void> producer(int count, AsyncQueue<Integer> queue) {
    return Async.action(
        co -> {
          for (int item = 1; item <= count; item++) {
            if (queue.isFull()) System.out.println("full: the producer waits");
            co.await(queue.put(item));
            System.out.println("put " + item);
          }
        });
  }

  static Async<Void> consumer(String name, AsyncQueue<Integer> queue) {
    return Async.action(
        co -> {
          while (true) {
            if (queue.isEmpty()) System.out.println("empty: the " + name + " waits");
            int item = co.await(queue.get());
            System.out.println("the " + name + " took " + item);
            queue.taskDone();
          }
        });
  }
}
