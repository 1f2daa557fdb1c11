package io.fermata.runtime;

/** A frame whose body cannot begin until it is ready; then it yields. */
final class Unready extends GeneratorFrame<Object> {
  boolean ready;

  @Override
  protected int resume(Object sent, Throwable raised) {
    if (!ready) {
      throw new IllegalStateException("not ready");
    }
    value = "ready";
    state = 1;
    return YIELDED;
  }

  @Override
  protected Inspection inspect() {
    return BodySite.unknown(getClass()).at(state);
  }

  @Override
  protected void ended() {}
}
