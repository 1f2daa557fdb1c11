package io.fermata.internal.loop;

import io.fermata.async.Awaitable;
import io.fermata.async.Deferred;
import io.fermata.async.LoopHost;
import io.fermata.internal.kernel.LoopEnvironment;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The home of a loop: it decides which thread runs rounds, how a run goes, and how the loop ends.
 * One home has one loop.
 */
public interface LoopHome {
  /** What the kernel of the loop finds around it. */
  LoopEnvironment environment();

  /** The loop is there, with its kernel and its monitor. */
  void opened(Loop loop);

  /** The host whose guest the loop is; null if the loop has a thread of its own. */
  @Nullable LoopHost host();

  // Runs

  /** As {@code EventLoop.runUntilComplete}. */
  <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) throws Exception;

  /** As {@code EventLoop.runForever}. */
  void runForever();

  /** As {@code EventLoop.stop}. */
  void stop();

  /** As {@code EventLoop.close}. */
  void close();

  /** As {@code EventLoop.closeAsync}. */
  CompletableFuture<@Nullable Void> closeAsync();

  /** A signal has come that ends the run; on the loop's thread. */
  void interrupt(RunInterrupt interrupt);

  /** What the run waits for; null if it is no {@code run}. On the loop's thread. */
  @Nullable Deferred<?> main();

  // Threads

  /** Whether this thread may use the loop although no job of the loop runs on it. */
  boolean isHere(boolean running);

  /** As {@link #isHere}, but false if that is not known. On any thread. */
  boolean isSurelyHere();

  /** Whether a certain thread owns the loop while none runs it. */
  boolean hasThreadBetweenRounds(boolean closed);

  /** Whether the thread of the loop runs other code between two rounds. */
  boolean runsOtherJobs();

  /** Which thread uses the loop, for a message; on any thread. */
  String whereItRuns(@Nullable Thread runner);

  /** The thread of the last round, between rounds; null if there is none. On any thread. */
  @Nullable Thread lastThread();

  /** What follows the description of a loop: {@code " on host"}, or nothing. */
  String suffix();

  // Losing a host, on any thread

  /** Has a job dropped if the home ends without closing the loop. */
  void follow(Droppable job);

  /** The job has ended. */
  void unfollow(Droppable job);

  /** Ends the loop if its host has ended, though nobody wakes it. */
  void noticeLoss();
}
