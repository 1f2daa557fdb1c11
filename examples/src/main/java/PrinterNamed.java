import io.fermata.Coroutine;

/** The printing coroutine, which first tells what kind of object it is. */
public class PrinterNamed {
  public static void main(String[] args) {
    Coroutine<Integer, Void, Void> printer = printer();
    System.out.println("class name: " + printer.kind());

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
