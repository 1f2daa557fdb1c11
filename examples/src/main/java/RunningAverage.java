import io.fermata.Coroutine;

/** A coroutine that answers every value with the average so far, and has a result at its end. */
public class RunningAverage {
  public static void main(String[] args) {
    Coroutine<Double, Double, String> averager = averager();
    averager.next(); // prime it: run to the first yield
    for (double value : new double[] {10, 30, 5, 15}) {
      System.out.println("sent " + value + ", average " + averager.send(value));
    }

    averager.advance(null); // no more values
    System.out.println(averager.result());
  }

  static Coroutine<Double, Double, String> averager() {
    return Coroutine.of(
        co -> {
          double sum = 0;
          int count = 0;
          Double value = co.yield();
          while (value != null) {
            sum += value;
            count++;
            value = co.yield(sum / count);
          }
          return count + " values, sum " + sum;
        });
  }
}
