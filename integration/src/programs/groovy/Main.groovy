import groovy.transform.CompileStatic
import io.fermata.Generator
import io.fermata.Yielder
import io.fermata.async.Async
import io.fermata.async.EventLoop
import java.time.Duration

@CompileStatic
class Main {
  private final int limit

  Main(int limit) {
    this.limit = limit
  }

  private static int next(int n) {
    n + 1
  }

  private static void emit(Yielder<?, Integer> co, int n) {
    co.yield(n)
  }

  Generator<Integer> numbers() {
    int to = limit
    Generator.<Integer> of((Yielder<?, Integer> co) -> {
      for (int n = 1; n <= to; n = next(n)) {
        emit(co, n)
      }
    })
  }

  static void main(String[] arguments) {
    def numbers = new Main(3).numbers()
    System.err.println(numbers.engineReason())
    println("${numbers.engine()} ${numbers.toList()}")
    println(EventLoop.run(Async.<String> of(co -> {
      co.await(Async.sleep(Duration.ofMillis(1)))
      return 'slept'
    })))
  }
}
