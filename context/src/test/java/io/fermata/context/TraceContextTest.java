package io.fermata.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spans of OpenTelemetry and observations of Micrometer. */
@ExtendWith(Engines.class)
@SuppressWarnings("try") // resources that only have to be closed
class TraceContextTest {
  private final List<String> seen = new ArrayList<>();

  private static Span span(int number) {
    return Span.wrap(
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "000000000000000" + number,
            TraceFlags.getSampled(),
            TraceState.getDefault()));
  }

  private static String current() {
    String id = Span.current().getSpanContext().getSpanId();
    return id.substring(id.length() - 1);
  }

  private Async<Void> traced(int number) {
    return Async.action(
        co -> {
          seen.add(number + " begins in " + current());
          try (Scope scope = span(number).makeCurrent()) {
            co.await(Async.sleep(Duration.ZERO));
            seen.add(number + " is in " + current());
            String there = co.await(Async.toThread(TraceContextTest::current));
            seen.add(number + " on a thread is in " + there);
          }
          seen.add(number + " ends in " + current());
        });
  }

  @TestTemplate
  void aSpanStaysWithItsTask() throws Exception {
    try (Scope scope = span(9).makeCurrent()) {
      EventLoop.run(
          TaskGroup.action(
              (co, tg) -> {
                tg.start(traced(1));
                tg.start(traced(2));
                co.await(Async.sleep(Duration.ZERO));
                seen.add("body in " + current());
              }));
      assertEquals("9", current());
    }
    assertSame(Context.root(), Context.current());
    assertEquals(9, seen.size());
    for (int number = 1; number <= 2; number++) {
      int n = number;
      assertEquals(
          List.of(
              n + " begins in 9",
              n + " is in " + n,
              n + " on a thread is in " + n,
              n + " ends in 9"),
          seen.stream().filter(line -> line.startsWith(n + " ")).toList());
    }
    assertEquals(1, seen.stream().filter(line -> line.equals("body in 9")).count());
  }

  @TestTemplate
  void baggageGoesAlong() throws Exception {
    Baggage baggage = Baggage.builder().put("user", "ann").build();
    String user =
        EventLoop.run(
            Async.of(
                co -> {
                  try (Scope scope = baggage.makeCurrent()) {
                    co.await(Async.sleep(Duration.ZERO));
                    return co.await(Async.toThread(() -> Baggage.current().getEntryValue("user")));
                  }
                }));
    assertEquals("ann", user);
    assertNull(Baggage.current().getEntryValue("user"));
  }

  private static String observed(ObservationRegistry registry) {
    Observation current = registry.getCurrentObservation();
    return current == null ? "none" : current.getContext().getName();
  }

  private Async<Void> observing(ObservationRegistry registry, String name) {
    return Async.action(
        co -> {
          Observation observation = Observation.createNotStarted(name, registry).start();
          try (Observation.Scope scope = observation.openScope()) {
            for (int i = 0; i < 3; i++) {
              co.await(Async.sleep(Duration.ZERO));
              seen.add(name + " is in " + observed(registry));
            }
          }
          seen.add(name + " ends in " + observed(registry));
          observation.stop();
        });
  }

  @TestTemplate
  void anObservationStaysWithItsTask() throws Exception {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(context -> true);
    ObservationThreadLocalAccessor.getInstance().setObservationRegistry(registry);
    Observation outer = Observation.createNotStarted("outer", registry).start();
    try (Observation.Scope scope = outer.openScope()) {
      EventLoop.run(
          TaskGroup.action(
              (co, tg) -> {
                tg.start(observing(registry, "a"));
                tg.start(observing(registry, "b"));
              }));
      assertEquals("outer", observed(registry));
      assertSame(scope, registry.getCurrentObservationScope());
    }
    assertNull(registry.getCurrentObservationScope());
    for (String name : List.of("a", "b")) {
      assertEquals(
          List.of(
              name + " is in " + name,
              name + " is in " + name,
              name + " is in " + name,
              name + " ends in outer"),
          seen.stream().filter(line -> line.startsWith(name)).toList());
    }
  }
}
