package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What belongs to a loop refuses other threads than that which runs it. */
class WrongThreadTest extends AsyncTest {
  private static IllegalStateException refused(Runnable call) throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                call.run();
                done.complete(null);
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            },
            "an intruder");
    thread.start();
    thread.join();
    Throwable cause = assertThrows(ExecutionException.class, done::get).getCause();
    if (cause instanceof IllegalStateException refusal) {
      return refusal;
    }
    throw new AssertionError(cause);
  }

  @EngineTest
  @Conforms({"T-174"})
  void aCallOnAnotherThreadIsRefusedAndSaysWhatToCallInstead() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          Promise<String> promise = Promise.open();
          Task<String> task = Task.start(step("x", 1));
          Map<String, Runnable> calls = new LinkedHashMap<>();
          calls.put("callSoon()", () -> loop.callSoon(() -> {}));
          calls.put("callAt()", () -> loop.callLater(ms(1), () -> {}));
          calls.put("stop()", loop::stop);
          calls.put("tasks()", loop::tasks);
          calls.put("start()", () -> loop.start(pause()));
          calls.put("setResult()", () -> promise.setResult("x"));
          calls.put("setException()", () -> promise.setException(new Error()));
          calls.put("addDoneCallback()", () -> promise.addDoneCallback(done -> {}));
          calls.put("cancel()", task::cancel);
          for (Map.Entry<String, Runnable> call : calls.entrySet()) {
            String message = refused(call.getValue()).getMessage();

            assertTrue(message.startsWith(call.getKey() + " of "), message);
            assertTrue(message.contains("an intruder"), message);
            assertTrue(message.contains("its loop runs on Thread["), message);
            assertTrue(message.contains("callSoonThreadSafe"), message);
          }
          assertEquals("x", co.await(task));
          promise.setResult("here it may be called");
        });
  }

  @EngineTest
  void whatTasksWaitForRefusesAnotherThread() throws Exception {
    runAction(
        co -> {
          AsyncQueue<String> queue = AsyncQueue.fifo();
          AsyncEvent event = AsyncEvent.open();
          AsyncLock lock = AsyncLock.open();
          AsyncSemaphore semaphore = AsyncSemaphore.of(1);
          co.await(lock.acquire());
          co.await(semaphore.acquire());
          Task<String> get = Task.start(Async.of(in -> in.await(queue.get())));
          Task.start(Async.of(in -> in.await(event.whenSet())));
          Task.start(Async.of(in -> in.await(lock.acquire())));
          Task.start(Async.of(in -> in.await(semaphore.acquire())));
          co.await(pause());

          assertTrue(refused(() -> queue.putNowait("x")).getMessage().contains("putNowait()"));
          assertTrue(refused(event::set).getMessage().contains("set()"));
          assertTrue(refused(lock::release).getMessage().contains("release()"));
          assertTrue(refused(semaphore::release).getMessage().contains("release()"));
          assertTrue(queue.isEmpty());
          queue.putNowait("here it may be put");
          assertEquals("here it may be put", co.await(get));
          event.set();
          lock.release();
          semaphore.release();
        });
  }

  @EngineTest
  void aLoopThatDoesNotRunIsNotTiedToAThread() throws Exception {
    try (EventLoop loop = EventLoop.open()) {
      CompletableFuture.runAsync(() -> loop.callSoon(() -> log.add("ran"))).get();
      loop.runUntilComplete(pause());
    }
    assertEquals("ran", log.get(0));
  }
}
