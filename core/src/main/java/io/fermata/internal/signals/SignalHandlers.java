package io.fermata.internal.signals;

import io.fermata.internal.loop.ContextState;
import io.fermata.internal.loop.Loop;
import java.util.HashMap;
import java.util.Map;

/**
 * The signal handlers of one loop. They belong to the loop's thread, but the thread that notices
 * the end of a guest's host removes them; hence the lock.
 */
public final class SignalHandlers {
  private final Loop loop;
  private final Map<String, OsSignals.Installed> installed = new HashMap<>(2);

  public SignalHandlers(Loop loop) {
    this.loop = loop;
    loop.whenEnded(this::removeAll); // a handler would keep the loop, and swallow its signal
  }

  public synchronized void add(String signal, Runnable callback) {
    loop.checkOpen();
    String name = name(signal);
    OsSignals.Installed before = installed.remove(name);
    if (before != null) {
      before.remove();
    }
    loop.noteOutside();
    try {
      Object context = ContextState.captured(); // now; the handler runs in a copy of it
      installed.put(
          name,
          OsSignals.handle(
              name,
              number ->
                  loop.postIfOpen(
                      () -> loop.runCallback(callback, context, "handler of " + signal))));
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          "cannot handle " + signal + ": " + refused.getMessage(), refused);
    }
  }

  public synchronized boolean remove(String signal) {
    OsSignals.Installed handler = installed.remove(name(signal));
    if (handler != null) {
      handler.remove();
    }
    return handler != null;
  }

  private synchronized void removeAll() {
    installed.values().forEach(OsSignals.Installed::remove);
    installed.clear();
  }

  private static String name(String signal) {
    return signal.startsWith("SIG") ? signal.substring(3) : signal;
  }
}
