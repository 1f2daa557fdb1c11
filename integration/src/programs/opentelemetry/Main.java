import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Each task has its own current span, and so has what it runs on other threads. */
public class Main {
  private static final Tracer TRACER = SdkTracerProvider.builder().build().get("app");
  private static final List<String> LINES = Collections.synchronizedList(new ArrayList<>());

  static Async<Void> request(String id) {
    return Async.action(
        co -> {
          Span span = TRACER.spanBuilder(id).startSpan();
          try (Scope scope = span.makeCurrent()) {
            co.await(Async.sleep(Duration.ofMillis(5)));
            check(id + " 1 after await", span);
            co.await(Async.toThread(() -> check(id + " 2 on a thread", span)));
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      tg.start(Async.action(inner -> check(id + " 3 in a child", span)));
                    }));
            check(id + " 4 end", span);
          } finally {
            span.end();
          }
          check(id + " 5 outside", Span.getInvalid());
        });
  }

  private static void check(String what, Span own) {
    LINES.add(
        what + " " + Span.current().getSpanContext().equals(own.getSpanContext()));
  }

  public static void main(String[] arguments) throws Exception {
    Async<Void> both =
        TaskGroup.action(
            (co, tg) -> {
              tg.start(request("A"));
              tg.start(request("B"));
            });
    System.err.println(both.engineReason());
    EventLoop.run(both);
    check("C outside", Span.getInvalid());
    Collections.sort(LINES);
    LINES.forEach(System.out::println);
  }
}
