import io.fermata.async.Async;
import io.fermata.async.AsyncBroadcast;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncState;
import io.fermata.async.Case;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import java.time.Duration;

/**
 * Prices go to every board, and the newest is kept. A clerk waits for an order, an alarm or a
 * pause, whichever comes first.
 */
public class PriceBoard {
  private static final int[] PRICES = {101, 104, 99, 120, 117};

  public static void main(String[] args) throws Exception {
    AsyncBroadcast<Integer> prices = AsyncBroadcast.of(8);
    AsyncState<Integer> newest = AsyncState.of(100);
    AsyncQueue<String> orders = AsyncQueue.fair(4);
    EventLoop.run(
        TaskGroup.action(
            (in, day) -> {
              day.start(board("east", prices));
              day.start(board("west", prices));
              day.start(clerk(orders, newest));
              in.await(prices.whenSubscribed(2));
              for (int price : PRICES) {
                in.await(prices.put(price));
                newest.set(price);
                if (price < 100) {
                  in.await(orders.put("buy at " + price));
                }
                in.await(ms(10));
              }
              prices.shutdown();
            }));
  }

  static Async<Void> board(String name, AsyncBroadcast<Integer> prices) {
    return Async.usingAction(
        prices.subscribe(),
        (co, mine) -> {
          int highest = 0;
          while (co.await(mine.advance())) {
            highest = Math.max(highest, mine.current());
          }
          System.out.println(name + ": the highest price was " + highest);
        });
  }

  static Async<Void> clerk(AsyncQueue<String> orders, AsyncState<Integer> newest) {
    return Async.action(
        co -> {
          Task<Integer> high = Task.start(newest.until(price -> price > 110));
          String event;
          do {
            event =
                co.await(
                    Async.select(
                        Case.of(orders.get()), Case.of(high, (in, price) -> "alarm: " + price)));
            System.out.println(event);
          } while (!event.startsWith("alarm"));
          event =
              co.await(
                  Async.select(
                      Case.of(orders.get()), Case.of(ms(200), (in, v) -> "no more orders")));
          System.out.println(event);
        });
  }

  private static Async<Void> ms(long millis) {
    return Async.sleep(Duration.ofMillis(millis));
  }
}
