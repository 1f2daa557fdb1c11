package io.fermata.async;

import java.util.HashMap;
import java.util.Map;

/** The handlers of signals that a loop has; belongs to its thread. */
final class SignalHandlers {
  private final EventLoop loop;
  private final Map<String, OsSignals.Installed> installed = new HashMap<>(2);

  SignalHandlers(EventLoop loop) {
    this.loop = loop;
  }

  void add(String signal, Runnable callback) {
    String name = name(signal);
    OsSignals.Installed before = installed.remove(name);
    if (before != null) {
      before.remove();
    }
    try {
      Object context = Context.currentBindings();
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

  boolean remove(String signal) {
    OsSignals.Installed handler = installed.remove(name(signal));
    if (handler != null) {
      handler.remove();
    }
    return handler != null;
  }

  void removeAll() {
    installed.values().forEach(OsSignals.Installed::remove);
    installed.clear();
  }

  private static String name(String signal) {
    return signal.startsWith("SIG") ? signal.substring(3) : signal;
  }
}
