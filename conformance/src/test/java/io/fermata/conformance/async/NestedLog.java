package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a program of {@link NestedPrograms} uses, and where it tells what it does. */
public final class NestedLog {
  private static final int LIMIT = 3000;

  private final List<String> lines = new ArrayList<>();

  /** Bodies that may be awaited by somebody else than the one who made them. */
  private final List<Async<Integer>> leaked = new ArrayList<>();

  /** A number, after some time or at once. */
  public Async<Integer> later(int n) {
    return Async.sleep(Duration.ofMillis(Math.floorMod(n, 4)), n);
  }

  /** As a failure. */
  public Async<Integer> failing(int n) {
    return Async.of(
        in -> {
          in.await(later(n));
          throw new IOException("failing " + n);
        });
  }

  /** Something to be closed. */
  public AsyncCloseable resource(int n) {
    return () ->
        Async.action(
            in -> {
              in.await(later(n));
              note("closed " + n);
            });
  }

  /** Keeps a body for somebody else. */
  public void leak(Async<Integer> async) {
    leaked.add(async);
  }

  /** A body that somebody has kept; one that gives 0 if there is none. */
  public Async<Integer> found() {
    return leaked.isEmpty() ? Async.of(in -> 0) : leaked.remove(0);
  }

  /** Tells something. */
  public void note(String line) {
    if (lines.size() < LIMIT) {
      lines.add(line);
    }
  }

  /** Tells what was caught, and which line of the program threw it. */
  public void caught(String where, Throwable failure) {
    note(where + " caught " + shown(failure));
  }

  String shown(Throwable failure) {
    Integer line =
        Arrays.stream(failure.getStackTrace())
            .filter(frame -> NestedPrograms.FILE.equals(frame.getFileName()))
            .map(StackTraceElement::getLineNumber)
            .findFirst()
            .orElse(0);
    String message = failure instanceof IOException ? " " + failure.getMessage() : "";
    return failure.getClass().getSimpleName() + message + " of line " + line;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
