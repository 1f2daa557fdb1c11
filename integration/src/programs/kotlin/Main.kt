import io.fermata.Generator
import io.fermata.GeneratorBody
import io.fermata.Yielder
import io.fermata.async.Async
import io.fermata.async.EventLoop
import java.time.Duration

/** A final class with a method that yields; Kotlin checks its parameters for null. */
class Tree(private val left: Tree?, private val value: Int, private val right: Tree?) {
    fun walk(co: Yielder<*, Int>) {
        left?.walk(co)
        co.`yield`(value)
        right?.walk(co)
    }
}

data class Range(val from: Int, val to: Int) {
    private fun next(n: Int) = n + 1

    fun numbers(): Generator<Int> = Generator.of { co ->
        var n = from
        while (n < to) {
            co.`yield`(n)
            n = next(n)
        }
    }
}

fun countdown(co: Yielder<*, String>, from: Int = 2) {
    for (n in from downTo 1) co.`yield`("count $n")
}

fun Yielder<*, String>.twice(text: String) {
    `yield`(text)
    `yield`(text)
}

object Names : GeneratorBody<String> {
    override fun run(co: Yielder<*, String>) {
        listOf("a", "b").forEach { co.`yield`(it) }
    }
}

fun <T> show(what: String, generator: Generator<T>) {
    System.err.println("$what: ${generator.engineReason()}")
    println("$what ${generator.engine()} ${generator.toList()}")
}

fun main() {
    show("loop", Range(1, 4).numbers())
    val tree = Tree(Tree(null, 1, null), 2, Tree(null, 3, null))
    show("tree", Generator.of<Int> { co -> tree.walk(co) })
    show("default argument", Generator.of<String> { co -> countdown(co) })
    show("extension", Generator.of<String> { co -> co.twice("again") })
    show("object", Generator.of(Names))
    show("reference", Generator.of<Int>(tree::walk))
    show("finally", Generator.of<String> { co ->
        var count = 0
        try {
            for (word in listOf("x", "yy")) {
                count += word.length
                when (word) {
                    "x" -> co.`yield`("short")
                    else -> co.`yield`("long")
                }
            }
        } finally {
            co.`yield`("$count letters")
        }
    })
    println(EventLoop.run(Async.of<String> { co ->
        co.await(Async.sleep(Duration.ofMillis(1)))
        "slept"
    }))
}
