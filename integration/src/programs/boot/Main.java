package user;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.time.Duration;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
public class Main {
  public static void main(String[] arguments) {
    SpringApplication.run(Main.class, arguments);
  }

  /** A singleton whose class Spring makes a subclass of, as its method is one of a bean. */
  @Bean
  CommandLineRunner runner(Numbers numbers) {
    return arguments -> {
      Generator<Integer> generator = numbers.upTo(3);
      System.err.println(generator.engineReason());
      System.out.println(generator.engine() + " " + generator.toList());
      System.out.println(Main.class.getClassLoader().getClass().getSimpleName());
      Async<String> slept =
          Async.of(
              co -> {
                co.await(Async.sleep(Duration.ofMillis(1)));
                return "slept";
              });
      System.out.println(EventLoop.run(slept));
    };
  }

  @Bean
  Numbers numbers() {
    return new Numbers(one());
  }

  @Bean
  Integer one() {
    return 1;
  }

  static class Numbers {
    private final int from;

    Numbers(int from) {
      this.from = from;
    }

    private int next(int n) {
      return n + 1;
    }

    Generator<Integer> upTo(int to) {
      return Generator.of(
          co -> {
            for (int n = from; n <= to; n = next(n)) {
              co.yield(n);
            }
          });
    }
  }
}
