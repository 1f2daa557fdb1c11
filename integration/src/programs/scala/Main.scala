import io.fermata.{Generator, GeneratorBody, Yielder}
import io.fermata.async.{Async, EventLoop}
import java.time.Duration

final class Tree(left: Option[Tree], value: Integer, right: Option[Tree]):
  def walk(co: Yielder[?, Integer]): Unit =
    left match
      case Some(tree) => tree.walk(co)
      case None       =>
    co.`yield`(value)
    right match
      case Some(tree) => tree.walk(co)
      case None       =>

object Main:
  private def next(n: Int): Int = n + 1

  private def numbers(from: Int, to: Int): Generator[Integer] = Generator.of[Integer]: co =>
    var n = from
    while n < to do
      co.`yield`(n)
      n = next(n)

  private def countdown(co: Yielder[?, String], from: Int): Unit =
    var n = from
    while n > 0 do
      co.`yield`(s"count $n")
      n -= 1

  private def show[T](what: String, generator: Generator[T]): Unit =
    System.err.println(s"$what: ${generator.engineReason}")
    println(s"$what ${generator.engine} ${generator.toList}")

  def main(args: Array[String]): Unit =
    show("loop", numbers(1, 4))
    val tree = Tree(Some(Tree(None, 1, None)), 2, Some(Tree(None, 3, None)))
    show("tree", Generator.of[Integer](co => tree.walk(co)))
    show("helper", Generator.of[String](co => countdown(co, 2)))
    show("finally", Generator.of[String]: co =>
      try
        co.`yield`("a") match
          case null => co.`yield`("nothing sent")
          case _    => co.`yield`("sent")
      finally co.`yield`("end"))
    println(EventLoop.run(Async.of[String]: co =>
      co.await(Async.sleep(Duration.ofMillis(1)))
      "slept"))
