package io.fermata.conformance.flow;

import io.fermata.async.EventLoop;
import java.util.concurrent.CompletableFuture;

/** A loop that runs on a thread of its own until it is closed. */
final class LoopThread implements AutoCloseable {
  private final Thread thread;
  private final EventLoop loop;
  private boolean closed;

  LoopThread() {
    CompletableFuture<EventLoop> opened = new CompletableFuture<>();
    thread = new Thread(() -> run(opened), "loop");
    thread.setDaemon(true);
    thread.start();
    loop = opened.join();
  }

  private static void run(CompletableFuture<EventLoop> opened) {
    try (EventLoop loop = EventLoop.open()) {
      opened.complete(loop);
      loop.runForever();
    }
  }

  EventLoop loop() {
    return loop;
  }

  Thread thread() {
    return thread;
  }

  /** Ends the run, and waits until the loop is closed; once more is harmless. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.callSoonThreadSafe(loop::stop);
    try {
      thread.join();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
