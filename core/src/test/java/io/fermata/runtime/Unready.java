package io.fermata.runtime;

/**
 * A frame whose body cannot begin until it is ready; then it yields for ever. Like a quick step of
 * the compiler, a later resume leaves the state as it is.
 */
final class Unready extends GeneratorFrame<Object> {
  boolean ready;

  @Override
  protected int resume(Object sent, Throwable raised) {
    if (!ready) {
      throw new IllegalStateException("not ready");
    }
    value = "ready";
    if (state == CREATED) {
      state = 1;
    }
    return YIELDED;
  }

  @Override
  protected Inspection inspect() {
    return BodySite.unknown(getClass()).at(state);
  }

  @Override
  protected void ended() {}
}
