import io.fermata.Coroutine;

/** A coroutine that prints what it is sent. */
public class Printer {
  public static void main(String[] args) {
    Coroutine<Integer, Void, Void> printer = printer();
    printer.next(); // prime it: run to the first yield
    for (int i = 0; i <= 10; i++) printer.send(i);
  }

  static Coroutine<Integer, Void, Void> printer() {
    return Coroutine.of(
        co -> {
          while (true) {
            Integer item = co.yield();
            System.out.println(item);
          }
        });
  }
}
