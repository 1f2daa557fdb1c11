import io.fermata.Coroutine;
import io.fermata.NotPrimedException;
import io.fermata.Yielder;

/** Priming: a new coroutine stands at no yield, so nothing in it could take a value. */
public class Priming {
  public static void main(String[] args) {
    Coroutine<String, Void, Void> greeter = Coroutine.of(Priming::greet);
    System.out.println("new: " + greeter.state());

    try {
      greeter.send("Ada");
    } catch (NotPrimedException e) {
      System.out.println("not primed: the value is refused, and nothing runs");
    }
    System.out.println("still: " + greeter.state());

    greeter.next(); // prime it: run to the first yield
    System.out.println("primed: " + greeter.state());
    greeter.send("Ada");

    Coroutine<String, Void, Void> primed = Coroutine.primed(Priming::greet);
    System.out.println("made primed: " + primed.state());
    primed.send("Grace");
  }

  static Void greet(Yielder<String, Void> co) {
    System.out.println("waiting for names");
    while (true) {
      String name = co.yield();
      System.out.println("hello " + name);
    }
  }
}
