package io.fermata.benchmarks

/** The same generators in Kotlin. */
object Kotlin {
  @JvmStatic
  fun range(n: Int): Iterator<Int> = iterator { for (i in 0 until n) yield(i) }

  @JvmStatic
  fun filter(n: Int): Iterator<Int> = iterator {
    for (i in 0 until n) {
      if (Filters.passes(i)) yield(i)
    }
  }

  @JvmStatic
  fun walkByYieldAll(tree: Tree?): Iterator<Int> = iterator {
    if (tree != null) {
      yieldAll(walkByYieldAll(tree.left))
      yield(tree.value)
      yieldAll(walkByYieldAll(tree.right))
    }
  }

  // Other generators, that run through the same library code before a measurement.
  @JvmStatic
  fun other(kind: Int, n: Int): Iterator<Int> = when (kind) {
    0 -> iterator { for (i in 0 until n) yield(i + 1) }
    1 -> iterator { for (i in n downTo 1) yield(i) }
    2 -> iterator { for (i in 0 until n step 2) yield(i) }
    3 -> iterator { var i = 0; while (i < n) { yield(i); i += 3 } }
    4 -> iterator { for (i in 0 until n) { yield(i); yield(-i) } }
    5 -> iterator { for (i in 0 until n) yield(i * i) }
    6 -> iterator { for (i in 0 until n) yield(i xor 5) }
    else -> iterator { for (i in 0 until n) if (i % 3 == 0) yield(i) }
  }
}
