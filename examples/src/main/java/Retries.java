import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Timeouts and retries: a server that hangs, then fails, then answers. */
public class Retries {
  private static int calls;

  public static void main(String[] args) throws Exception {
    System.out.println(EventLoop.run(retrying(5)));
  }

  static Async<String> retrying(int attempts) {
    return Async.of(
        co -> {
          for (int attempt = 1; attempt < attempts; attempt++) {
            try {
              return co.await(Async.waitFor(request(), Duration.ofMillis(500)));
            } catch (TimeoutException e) {
              System.out.println("attempt " + attempt + " took too long");
            } catch (IOException e) {
              System.out.println("attempt " + attempt + " failed: " + e.getMessage());
            }
            co.await(Async.sleep(Duration.ofMillis(5L << attempt)));
          }
          return co.await(Async.waitFor(request(), Duration.ofMillis(500)));
        });
  }

  static Async<String> request() {
    return Async.of(
        co -> {
          calls++;
          switch (calls) {
            case 1 -> {
              try {
                co.await(Async.sleep(Duration.ofSeconds(30)));
              } finally {
                System.out.println("request " + calls + " was cancelled");
              }
            }
            case 2 -> throw new IOException("connection refused");
            default -> co.await(Async.sleep(Duration.ofMillis(1)));
          }
          return "answer " + calls;
        });
  }
}
