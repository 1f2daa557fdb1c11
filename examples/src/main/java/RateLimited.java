import io.fermata.async.Async;
import io.fermata.async.AsyncRateLimiter;
import io.fermata.async.EventLoop;
import io.fermata.async.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Retries under a rate limit: each attempt takes a permit, and some requests fail at first. */
public class RateLimited {
  private static final RetryPolicy POLICY =
      RetryPolicy.fixed(Duration.ofMillis(10)).times(3).on(IOException.class);

  private static int attempts;

  public static void main(String[] args) throws Exception {
    AsyncRateLimiter limiter = AsyncRateLimiter.of(1, Duration.ofMillis(10), 2);
    List<String> answers =
        EventLoop.run(
            Async.gather(
                IntStream.rangeClosed(1, 5).mapToObj(i -> asking(limiter, i)).toList(), 2));
    answers.forEach(System.out::println);
    System.out.println(attempts + " attempts");
  }

  static Async<String> asking(AsyncRateLimiter limiter, int number) {
    int[] failures = {number % 3};
    return Async.retry(
        POLICY,
        co -> {
          co.await(limiter.acquire());
          attempts++;
          if (failures[0]-- > 0) {
            throw new IOException("try later");
          }
          return "answer " + number;
        });
  }
}
