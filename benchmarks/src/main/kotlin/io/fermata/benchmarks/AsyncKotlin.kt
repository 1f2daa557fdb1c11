package io.fermata.benchmarks

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** The same asynchronous functions in Kotlin. */
object AsyncKotlin {
  @JvmStatic
  fun twoSwitching(times: Int) = runBlocking {
    launch { for (i in 0 until times / 2) yield() }
    launch { for (i in 0 until times / 2) yield() }
    Unit
  }

  @JvmStatic
  fun starting(times: Int): Int = runBlocking {
    val count = IntArray(1)
    for (i in 0 until times) {
      launch { count[0]++ }.join()
    }
    count[0]
  }

  @JvmStatic
  fun roundTrips(times: Int): Int = runBlocking {
    val there = Channel<Int>()
    val back = Channel<Int>()
    val answering = launch { for (i in 0 until times) back.send(there.receive()) }
    var sum = 0
    for (i in 0 until times) {
      there.send(1)
      sum += back.receive()
    }
    answering.join()
    sum
  }

  /** Bytes of each of many jobs that wait for one deferred. */
  @JvmStatic
  fun bytesAwaiting(jobs: Int): Double = runBlocking {
    val deferred = CompletableDeferred<Unit>()
    val bytes = bytes(jobs) { launch { deferred.await() } }
    deferred.complete(Unit)
    bytes
  }

  /** Bytes of each of many jobs that sleep. */
  @JvmStatic
  fun bytesSleeping(jobs: Int): Double = runBlocking {
    val all = ArrayList<Job>(jobs)
    val bytes = bytes(jobs) { all.add(launch { delay(3_600_000) }) }
    all.forEach { it.cancel() }
    bytes
  }

  private suspend fun bytes(jobs: Int, start: () -> Unit): Double {
    val before = Footprint.usedHeap()
    for (i in 0 until jobs) start()
    yield()
    return (Footprint.usedHeap() - before) / jobs.toDouble()
  }

  // Other functions, that run through the same library code before a measurement.
  @JvmStatic
  fun other(kind: Int, n: Int): Int = runBlocking {
    when (kind) {
      0 -> {
        for (i in 0 until n) yield()
        n
      }
      1 -> {
        var sum = 0
        for (i in 0 until n) {
          val deferred = CompletableDeferred<Int>()
          launch { deferred.complete(i) }
          sum += deferred.await()
        }
        sum
      }
      2 -> {
        val channel = Channel<Int>(2)
        launch { for (i in 0 until n) channel.send(i) }
        var sum = 0
        for (i in 0 until n) sum += channel.receive()
        sum
      }
      3 -> {
        val mutex = Mutex()
        var count = 0
        coroutineScope {
          launch { for (i in 0 until n) mutex.withLock { yield(); count++ } }
          launch { for (i in 0 until n) mutex.withLock { yield(); count++ } }
        }
        count
      }
      4 -> {
        var sum = 0
        for (i in 0 until n) sum += async { i }.await()
        sum
      }
      5 -> {
        for (i in 0 until n / 50) delay(1)
        n
      }
      6 -> {
        val semaphore = Semaphore(1)
        val event = CompletableDeferred<Unit>()
        coroutineScope {
          for (i in 0 until n / 4) launch { event.await(); semaphore.withPermit {} }
          yield()
          event.complete(Unit)
        }
        n
      }
      else -> {
        var sum = 0
        for (i in 0 until n) sum += withTimeout(3_600_000) { yield(); 1 }
        sum
      }
    }
  }
}
