package io.fermata.conformance;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.Yielder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Delegates that the library did not make, and exceptions to send through them. */
final class Delegates {
  private Delegates() {}

  /** A checked exception. */
  static class Boom extends Exception {
    private static final long serialVersionUID = 1;

    Boom(String message) {
      super(message);
    }
  }

  /** An error that is no exception. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash(String message) {
      super(message);
    }
  }

  /** The ways in which the same coroutine may be handed to a {@code yieldFrom}. */
  enum Form {
    FRAME,
    ITERATOR,
    ITERABLE,
    RESOURCE,
    USER;

    <Y> Object yieldFrom(Yielder<?, Y> co, Coroutine<?, Y, ?> delegate) {
      return switch (this) {
        case FRAME -> co.yieldFrom(delegate);
        case ITERATOR -> co.yieldFrom((Iterator<Y>) delegate);
        case ITERABLE -> co.yieldFrom((Iterable<Y>) () -> delegate);
        case RESOURCE -> co.yieldFrom(new Resource<>(delegate, () -> {}));
        case USER -> co.yieldFrom(new UserCoroutine<>(delegate));
      };
    }
  }

  /**
   * A generator as a user may write one, with the five abstract methods; a real one does the work.
   */
  static final class UserGenerator<Y> implements Generator<Y> {
    private final Generator<Y> behind;

    UserGenerator(Generator<Y> behind) {
      this.behind = behind;
    }

    @Override
    public boolean advance() {
      return behind.advance();
    }

    @Override
    public boolean hasNext() {
      return behind.hasNext();
    }

    @Override
    public <E extends Throwable> Y raise(E exception) throws E {
      return behind.raise(exception);
    }

    @Override
    public Y current() {
      return behind.current();
    }

    @Override
    public State state() {
      return behind.state();
    }
  }

  /** A coroutine as a user may write one, with the six abstract methods; notes its calls. */
  static final class UserCoroutine<S, Y, R> implements Coroutine<S, Y, R> {
    final List<String> calls = new ArrayList<>();
    private final Coroutine<S, Y, R> behind;

    UserCoroutine(Coroutine<S, Y, R> behind) {
      this.behind = behind;
    }

    @Override
    public boolean advance(S value) {
      calls.add("advance " + value);
      return behind.advance(value);
    }

    @Override
    public boolean hasNext() {
      calls.add("hasNext");
      return behind.hasNext();
    }

    @Override
    public <E extends Throwable> Y raise(E exception) throws E {
      calls.add("raise " + exception.getClass().getSimpleName());
      return behind.raise(exception);
    }

    @Override
    public Y current() {
      return behind.current();
    }

    @Override
    public State state() {
      return behind.state();
    }

    @Override
    public R result() {
      return behind.result();
    }
  }

  /** An iterable that is to be closed. */
  record Resource<Y>(Iterable<Y> items, Runnable onClose) implements Iterable<Y>, AutoCloseable {
    @Override
    public Iterator<Y> iterator() {
      return items.iterator();
    }

    @Override
    public void close() {
      onClose.run();
    }
  }

  /** A plain iterator that notes how often it was asked; not closeable. */
  static final class Counting<Y> implements Iterator<Y> {
    int taken;
    private final Iterator<Y> items;

    Counting(Iterable<Y> items) {
      this.items = items.iterator();
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Y next() {
      taken++;
      return items.next();
    }
  }

  /** A plain iterator with a {@code close()}. */
  static final class CloseableIterator<Y> implements Iterator<Y>, AutoCloseable {
    int closed;
    private final Iterator<Y> items;
    private final Runnable onClose;

    CloseableIterator(Iterable<Y> items, Runnable onClose) {
      this.items = items.iterator();
      this.onClose = onClose;
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Y next() {
      return items.next();
    }

    @Override
    public void close() {
      closed++;
      onClose.run();
    }
  }
}
