import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sensor on a thread of its own publishes readings; an asynchronous generator takes them, and
 * yields averages, which a subscriber asks for one by one. Who is slow holds up who is before him:
 * the subscriber the generator, and that one the sensor, whose thread blocks.
 */
public class BackPressure {
  static final int READINGS = 40;
  static final int ROOM = 4;

  public static void main(String[] args) throws Exception {
    EventLoop.run(main());
  }

  static Async<Void> main() {
    return Async.action(
        co -> {
          SubmissionPublisher<Integer> sensor =
              new SubmissionPublisher<>(ForkJoinPool.commonPool(), ROOM);
          Averages averages = new Averages(AsyncGenerator.from(sensor, ROOM));
          Printer printer = new Printer();
          averages.generator().toPublisher(EventLoop.current()).subscribe(printer);

          while (!sensor.hasSubscribers()) co.await(Async.sleep(Duration.ofMillis(1)));
          new Thread(() -> averages.measure(sensor)).start();

          co.await(printer.done);
          boolean bounded = averages.mostAhead <= 2 * ROOM + 2;
          System.out.println("the sensor was held up: " + bounded);
        });
  }

  /** Of every four readings. */
  static class Averages {
    final AsyncGenerator<Integer> readings;
    final AtomicInteger measured = new AtomicInteger();
    int mostAhead;

    Averages(AsyncGenerator<Integer> readings) {
      this.readings = readings;
    }

    void measure(SubmissionPublisher<Integer> sensor) {
      for (int i = 0; i < READINGS; i++) {
        sensor.submit(i * i % 10); // blocks while there is no room
        measured.incrementAndGet();
      }
      sensor.close();
    }

    AsyncGenerator<Double> generator() {
      return AsyncGenerator.of(
          co -> {
            int count = 0;
            double sum = 0;
            while (co.await(readings.advance())) {
              mostAhead = Math.max(mostAhead, measured.get() - count);
              sum += readings.current();
              count++;
              if (count % 4 == 0) {
                co.await(Async.sleep(Duration.ofMillis(2))); // slower than the sensor
                co.yield(sum / 4);
                sum = 0;
              }
            }
          });
    }
  }

  /** Asks for one average at a time. */
  static class Printer implements Flow.Subscriber<Double> {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(Double average) {
      System.out.println("average " + average);
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }
}
