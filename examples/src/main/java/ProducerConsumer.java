import io.fermata.Generator;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A producer and a consumer share a plain queue without a lock: each is only ever interrupted where
 * it yields, so what it has looked at stays true until then.
 */
public class ProducerConsumer {
  private static final int CAPACITY = 3;

  public static void main(String[] args) {
    Queue<Integer> queue = new ArrayDeque<>();
    Generator<Void> producer = producer(7, queue);
    Generator<Void> consumer = consumer(queue);

    while (producer.advance()) consumer.next();
    consumer.close();
  }

  static Generator<Void> producer(int count, Queue<Integer> queue) {
    return Generator.of(
        co -> {
          for (int item = 1; item <= count; item++) {
            if (queue.size() == CAPACITY) {
              System.out.println("full: over to the consumer");
              co.yield();
            }
            System.out.println("put " + item);
            queue.add(item);
          }
          System.out.println("no more to put");
          co.yield();
        });
  }

  static Generator<Void> consumer(Queue<Integer> queue) {
    return Generator.of(
        co -> {
          while (true) {
            if (queue.isEmpty()) {
              System.out.println("empty: over to the producer");
              co.yield();
            }
            System.out.println("took " + queue.remove());
          }
        });
  }
}
