import io.fermata.Coroutine;
import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import java.time.Duration;

/** The native and the generator-based coroutine, side by side on one loop. */
public class TwoCoroutines {
  public static void main(String[] args) throws Exception {
    System.out.println(
        EventLoop.run(Async.gather(nativeGreeting("ann"), generatorGreeting("bob"))));
  }

  /** Waits by awaiting. */
  static Async<String> nativeGreeting(String name) {
    return Async.of(
        co -> {
          for (int i = 1; i <= 2; i++) {
            co.await(Async.sleep(Duration.ZERO));
            System.out.println("native " + i);
          }
          return "hello " + name;
        });
  }

  /** Waits by yielding what it waits for. */
  static Async<String> generatorGreeting(String name) {
    Coroutine<Object, Awaitable<?>, String> body =
        Coroutine.of(
            co -> {
              for (int i = 1; i <= 2; i++) {
                co.yield(Async.sleep(Duration.ZERO));
                System.out.println("generator-based " + i);
              }
              return "hello " + name;
            });
    return Async.from(body);
  }
}
