package io.fermata.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** Accessors that fail, and others that come late. */
@ExtendWith(Engines.class)
class BrokenAccessorTest {
  private static final ThreadLocal<String> VALUE = new ThreadLocal<>();

  @AfterEach
  void clear() {
    ContextRegistry.getInstance().removeThreadLocalAccessor("test");
    MDC.clear();
    VALUE.remove();
  }

  private static final class Accessor implements ThreadLocalAccessor<String> {
    private final BooleanSupplier failsToGet;
    private final BooleanSupplier failsToSet;

    Accessor(BooleanSupplier failsToGet, BooleanSupplier failsToSet) {
      this.failsToGet = failsToGet;
      this.failsToSet = failsToSet;
    }

    @Override
    public Object key() {
      return "test";
    }

    @Override
    public String getValue() {
      if (failsToGet.getAsBoolean()) {
        throw new IllegalStateException("cannot get");
      }
      return VALUE.get();
    }

    @Override
    public void setValue(String value) {
      if (failsToSet.getAsBoolean()) {
        throw new IllegalArgumentException("cannot set");
      }
      VALUE.set(value);
    }

    @Override
    public void setValue() {
      if (failsToSet.getAsBoolean()) {
        throw new IllegalArgumentException("cannot set");
      }
      VALUE.remove();
    }
  }

  private static List<LoopFailure> runWith(Accessor accessor) throws Exception {
    List<LoopFailure> failures = new ArrayList<>();
    try (EventLoop loop = EventLoop.open()) {
      loop.setExceptionHandler((where, failure) -> failures.add(failure));
      loop.runUntilComplete(
          Async.action(
              co -> {
                MDC.put("req", "task");
                ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
                for (int i = 0; i < 3; i++) {
                  VALUE.set("task's " + i);
                  co.await(Async.sleep(Duration.ZERO));
                  assertEquals("task", MDC.get("req"));
                }
                assertEquals("task", co.await(Async.toThread(() -> MDC.get("req"))));
              }));
    }
    assertNull(MDC.get("req"));
    return failures;
  }

  @TestTemplate
  void oneThatCannotGetIsReportedOnce() throws Exception {
    Accessor broken = new Accessor(() -> true, () -> false);
    List<LoopFailure> failures = runWith(broken);
    assertEquals(List.of(broken), failures.stream().map(LoopFailure::source).toList());
    assertEquals("cannot get", failures.get(0).exception().getMessage());
  }

  @TestTemplate
  void oneThatCannotSetIsReportedOnce() throws Exception {
    Accessor broken = new Accessor(() -> false, () -> true);
    List<LoopFailure> failures = runWith(broken);
    assertEquals(List.of(broken), failures.stream().map(LoopFailure::source).toList());
    assertEquals("cannot set", failures.get(0).exception().getMessage());
  }

  @TestTemplate
  void oneThatComesLateIsUsedFromThenOn() throws Exception {
    assertEquals(List.of(), runWith(new Accessor(() -> false, () -> false)));
    assertNull(VALUE.get());
  }
}
