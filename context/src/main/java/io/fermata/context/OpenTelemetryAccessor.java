package io.fermata.context;

import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** The accessor of OpenTelemetry's current context, which holds the span and the baggage. */
final class OpenTelemetryAccessor implements ThreadLocalAccessor<Context> {
  static final String KEY = "io.opentelemetry.context";

  @Override
  public Object key() {
    return KEY;
  }

  @Override
  @SuppressWarnings("NullAway") // Micrometer's annotation for null is not one that NullAway sees
  public @Nullable Context getValue() {
    Context current = Context.current();
    return current == Context.root() ? null : current;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // restore() takes the place of close()
  public void setValue(Context value) {
    var unused = value.makeCurrent();
  }

  @Override
  public void setValue() {
    setValue(Context.root());
  }

  @Override
  public String toString() {
    return "accessor of OpenTelemetry's context";
  }
}
