package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.SteppedGenerator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frame that closes all open asynchronous generators of a loop, and reports their failures. */
public final class ShutdownFrame extends LibraryFrame<Void> {
  private final Loop loop;
  private final List<SteppedGenerator<?, ?>> generators = new ArrayList<>();
  private final List<Deferred<Void>> closings = new ArrayList<>();
  private int next;

  public ShutdownFrame(Loop loop) {
    this.loop = loop;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      for (SteppedGenerator<?, ?> generator : loop.generators.toList()) {
        generators.add(generator);
        closings.add(loop.start(generator.aclose()));
      }
    } else if (raised instanceof Cancelled cancelled && !closings.get(next).done()) {
      throw cancelled; // this await was cancelled, not the closing
    } else {
      for (Throwable failure : Cancellations.failuresIn(raised)) {
        loop.generators.reportFailed(failure, generators.get(next));
      }
      next++;
    }
    return next == closings.size()
        ? done(null)
        // Shielded: a cancelled shutdown leaves the closings running.
        : awaiting(new ShieldFrame.ShieldedWait<>(closings.get(next)), 1);
  }

  @Override
  protected String description() {
    return "the closing of all async generators";
  }
}
