package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.net.Netty;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A loop that waits for sockets is still woken by all that wakes a loop. */
class LoopTest extends NetTest {
  @EngineTest
  void anInterruptEndsTheWait() throws Exception {
    Thread runner = Thread.currentThread();
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    Thread interrupter =
        new Thread(
            () -> {
              waiting.join();
              runner.interrupt();
            });
    interrupter.start();
    assertThrows(
        InterruptedException.class,
        () ->
            run(
                co -> {
                  co.await(serve(ECHO));
                  EventLoop.current().callLater(ms(20), () -> waiting.complete(null));
                  co.await(Promise.open());
                }));
    interrupter.join();
    assertFalse(Thread.interrupted());
  }

  @EngineTest
  void anotherThreadWakesTheLoop() throws Exception {
    run(
        co -> {
          co.await(serve(ECHO));
          for (int i = 0; i < 200; i++) {
            Promise<Integer> told = Promise.open();
            int number = i;
            EventLoop loop = EventLoop.current();
            CompletableFuture.runAsync(() -> loop.callSoonThreadSafe(() -> told.setResult(number)));
            assertEquals(i, co.await(told));
          }
        });
  }

  @EngineTest
  void timersGoOnTime() throws Exception {
    run(
        co -> {
          co.await(serve(ECHO));
          EventLoop loop = EventLoop.current();
          for (int millis = 0; millis < 20; millis += 5) {
            Duration before = loop.time();
            co.await(Async.sleep(ms(millis)));
            Duration slept = loop.time().minus(before);
            assertTrue(slept.compareTo(ms(millis)) >= 0, slept.toString());
            assertTrue(slept.compareTo(ms(2000)) < 0, slept.toString());
          }
        });
  }

  @EngineTest
  void tasksThatAreAlwaysReadyDoNotStarveTheSockets() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          AsyncEvent over = AsyncEvent.open();
          Task<Void> busy =
              Task.start(
                  Async.action(
                      in -> {
                        while (!over.isSet()) {
                          in.await(Async.sleep(Duration.ZERO));
                        }
                      }));
          for (int i = 0; i < 10; i++) {
            co.await(stream.write("x\n"));
            assertEquals("x", co.await(stream.readLine()));
          }
          over.set();
          co.await(busy);
          co.await(stream.aclose());
        });
  }

  @EngineTest
  void whatNettyIsGivenToDoIsDone() throws Exception {
    run(
        co -> {
          io.netty.channel.EventLoop netty = co.await(Netty.loop());
          Promise<String> now = Promise.open();
          netty.execute(() -> now.setResult("now"));
          assertEquals("now", co.await(now));
          Promise<String> later = Promise.open();
          netty.schedule(() -> later.setResult("later"), 5, TimeUnit.MILLISECONDS);
          assertEquals("later", co.await(later));
        });
  }

  @EngineTest
  void anOpenLoopKeepsItsSocketsBetweenRuns() throws Exception {
    try (EventLoop loop = EventLoop.open()) {
      TcpServer server = loop.runUntilComplete(serve(ECHO));
      String line =
          loop.runUntilComplete(
              Async.of(
                  co -> {
                    TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
                    co.await(stream.write("x\n"));
                    String got = co.await(stream.readLine());
                    co.await(stream.aclose());
                    return got;
                  }));
      assertEquals("x", line);
    }
  }
}
