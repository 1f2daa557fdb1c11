package io.fermata.runtime;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.StopIteration;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A delegate that is not a frame: an iterator, the iterator of an iterable or a stream, or a
 * generator that a user has implemented. It is stepped through its public methods.
 */
final class ForeignDelegate {
  private final Object source;
  private final Iterator<?> iterator;

  /** The value of the last step, if {@link #fetched}; the iterator's next one else. */
  private @Nullable Object value;

  private boolean fetched;
  private @Nullable Object result;

  private ForeignDelegate(Object source, Iterator<?> iterator) {
    this.source = source;
    this.iterator = iterator;
  }

  /**
   * The delegate for what a body delegates to.
   *
   * @return a {@link Frame}, to be stepped directly, or a {@code ForeignDelegate}
   */
  static Object of(Object delegate) {
    if (delegate instanceof Frame<?>) {
      return delegate;
    }
    if (delegate instanceof Iterator<?> iterator) {
      return new ForeignDelegate(iterator, iterator);
    }
    Iterator<?> iterator =
        delegate instanceof BaseStream<?, ?> stream
            ? stream.iterator()
            : ((Iterable<?>) delegate).iterator();
    Objects.requireNonNull(iterator, "iterator() of the delegate returned null");
    boolean closes = delegate instanceof AutoCloseable;
    return iterator instanceof Frame<?> && !closes
        ? iterator
        : new ForeignDelegate(delegate, iterator);
  }

  /** The iterator that gets the next step, for {@link BaseGenerator#delegate()}. */
  Iterator<?> shown() {
    return iterator;
  }

  /** The delegation's value, once a step has returned false. */
  @Nullable Object result() {
    return result;
  }

  /**
   * One step.
   *
   * @param root adopts what it yields
   * @return true if it yielded; false if it has ended, with a {@link #result}
   * @throws Throwable what the delegate threw; the delegation is over
   */
  boolean step(@Nullable Object sent, Frame<?> root) throws Throwable {
    try {
      if (advance(sent)) {
        root.adopt(this);
        return true;
      }
    } catch (StopIteration end) {
      result = end.value(); // an iterator's way to return something
    } catch (Throwable failure) {
      closeStream(failure);
      throw failure;
    }
    closeStream(null);
    return false;
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // a delegate is sent what the delegator was sent, as in Python
  private boolean advance(@Nullable Object sent) {
    if (iterator instanceof Coroutine<?, ?, ?> coroutine) {
      boolean live = coroutine.state() != State.CLOSED;
      if (((Coroutine<Object, ?, ?>) coroutine).advance(sent)) {
        keep(coroutine.current());
        return true;
      }
      result = live ? coroutine.result() : null;
      return false;
    }
    if (sent != null && !(iterator instanceof BaseGenerator<?>)) {
      throw new UnsupportedOperationException(
          "a value was sent while the coroutine delegates to a "
              + iterator.getClass().getName()
              + ", which takes none: only generators can be sent values; send null, or use advance()");
    }
    return iterator.hasNext();
  }

  /** The value that it yielded; boxes. */
  @Nullable Object fetch() {
    if (!fetched) {
      return iterator.next();
    }
    Object taken = value;
    value = null;
    fetched = false;
    return taken;
  }

  /** The iterator if the value is still in it; null if only {@link #fetch} has it. */
  @Nullable Iterator<?> unfetched() {
    return fetched ? null : iterator;
  }

  /**
   * Throws into the delegate, or past it where it cannot be thrown into.
   *
   * @param root adopts what it yields
   * @return true if it caught it and yielded; false if it has ended, with a result
   * @throws Throwable if it comes out again; the delegation is over
   */
  boolean raise(Throwable raised, Frame<?> root) throws Throwable {
    if (raised instanceof GeneratorExit) {
      close();
      throw raised;
    }
    if (!(iterator instanceof BaseGenerator<?> generator)) {
      closeAfter(raised);
      throw raised;
    }
    try {
      keep(generator.raise(raised));
      root.adopt(this);
      return true;
    } catch (StopIteration end) {
      if (end == raised) {
        throw end;
      }
      result = end.value();
      return false;
    }
  }

  private void keep(@Nullable Object yielded) {
    value = yielded;
    fetched = true;
  }

  /** Closes what can be closed: the iterator, and what it came from. */
  private void close() throws Exception {
    try {
      if (iterator != source && iterator instanceof AutoCloseable closeable) {
        closeable.close();
      }
    } finally {
      if (source instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private void closeAfter(Throwable raised) {
    try {
      close();
    } catch (Throwable failure) {
      Failures.suppress(raised, failure);
    }
  }

  private void closeStream(@Nullable Throwable failure) {
    if (!(source instanceof BaseStream<?, ?> stream)) {
      return;
    }
    try {
      stream.close();
    } catch (Throwable closing) {
      if (failure == null) {
        throw closing;
      }
      Failures.suppress(failure, closing);
    }
  }
}
