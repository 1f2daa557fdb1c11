import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Each task logs its own id, and so does what it runs on other threads. */
public class Main {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("app");
  private static final List<String> LINES = Collections.synchronizedList(new ArrayList<>());

  static Async<Void> request(String id) {
    return Async.action(
        co -> {
          try (var closed = MDC.putCloseable("request", id)) {
            LOG.info("{} begin", id);
            co.await(Async.sleep(Duration.ofMillis(5)));
            LOG.info("{} after await", id);
            co.await(Async.toThread(() -> LOG.info("{} on a thread", id)));
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      tg.start(Async.action(inner -> LOG.info("{} in a child", id)));
                    }));
            LOG.info("{} end", id);
          }
        });
  }

  public static void main(String[] arguments) throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            String id = event.getMDCPropertyMap().get("request");
            LINES.add(event.getFormattedMessage() + ", request=" + id);
          }
        };
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    Async<Void> both =
        TaskGroup.action(
            (co, tg) -> {
              tg.start(request("A"));
              tg.start(request("B"));
            });
    System.err.println(both.engineReason());
    EventLoop.run(both);
    LOG.info("outside");
    LINES.sort(Comparator.comparing(line -> line.charAt(0))); // the order within a task stays
    LINES.forEach(System.out::println);
  }
}
