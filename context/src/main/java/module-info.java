/** Logging contexts, spans and other thread-bound values as values of tasks. */
@SuppressWarnings("requires-automatic") // Micrometer and OpenTelemetry have no module descriptors
module io.fermata.context {
  requires transitive io.fermata;
  requires context.propagation;
  requires static io.opentelemetry.context;
  requires static org.slf4j;
  requires static transitive org.jspecify;

  exports io.fermata.context;

  provides io.fermata.async.ThreadContext with
      io.fermata.context.PropagatedContext;
}
