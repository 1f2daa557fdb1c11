package user;

import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import java.time.Duration;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

public class Activator implements BundleActivator {
  private final String name = "bundle";

  private void emit(Yielder<?, String> co) {
    co.yield(name);
  }

  @Override
  public void start(BundleContext context) throws Exception {
    Generator<String> generator =
        Generator.of(
            co -> {
              emit(co);
              co.yield("end");
            });
    System.err.println(generator.engineReason());
    System.out.println(generator.engine() + " " + generator.toList());
    if (Boolean.getBoolean("reason")) {
      System.out.println(generator.engineReason());
    }
    if (!Boolean.getBoolean("generators")) {
      System.out.println(Loops.slept());
    }
  }

  @Override
  public void stop(BundleContext context) {}

  /** Apart, for bundles that import no more than generators. */
  static final class Loops {
    static String slept() throws Exception {
      return EventLoop.run(
          TaskGroup.of(
              (co, tg) -> {
                tg.start(Async.sleep(Duration.ofMillis(1)));
                co.await(Async.toThread(() -> {}));
                return "slept";
              }));
    }
  }
}
