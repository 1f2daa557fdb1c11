package io.fermata.internal.compose;

import io.fermata.async.AsyncGenerator;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.door.Brief;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an asynchronous generator over elements that are there without waiting. It owns its
 * source, and closes it on every way out.
 */
public final class IterationFrame<Y extends @Nullable Object> extends AsyncGeneratorFrame<Y> {
  /** An iterator, an iterable or a stream; null once closed. */
  private @Nullable Object source;

  /** Null before the first step. */
  private @Nullable Iterator<?> iterator;

  private IterationFrame(Object source) {
    this.source = source;
  }

  public static <Y extends @Nullable Object> AsyncGenerator<Y> over(Object source) {
    return new SteppedGenerator<>(new IterationFrame<Y>(source));
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    state = RUNNING;
    try {
      if (raised != null) {
        throw raised;
      }
      Iterator<?> elements = elements();
      if (elements.hasNext()) {
        value = offered(elements.next());
        state = 1;
        return YIELDED;
      }
    } catch (Throwable thrown) {
      try {
        closeSource();
      } catch (Throwable closing) {
        Throwing.suppress(thrown, closing);
      }
      throw thrown;
    }
    closeSource();
    return RETURNED;
  }

  private Iterator<?> elements() {
    Iterator<?> elements = iterator;
    if (elements == null) {
      elements = Objects.requireNonNull(opened(), "iterator() returned null");
      iterator = elements;
    }
    return elements;
  }

  private Iterator<?> opened() {
    return source instanceof Iterator<?> itself
        ? itself
        : source instanceof BaseStream<?, ?> stream
            ? stream.iterator()
            : ((Iterable<?>) Objects.requireNonNull(source)).iterator();
  }

  private void closeSource() throws Exception {
    Object opened = iterator;
    Object owner = source;
    iterator = null; // first, so that no way out closes twice
    source = null;
    try {
      if (opened != owner && opened instanceof AutoCloseable closeable) {
        closeable.close();
      }
    } finally {
      if (owner instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  /** Closes the source, also if the generator ends before its first step. */
  @Override
  protected void ended() {
    try {
      closeSource();
    } catch (Exception failure) {
      throw Throwing.sneaky(failure);
    }
  }

  @Override
  protected Inspection inspect() {
    return new LibraryFrame.View("from(" + Brief.of(source) + ")", null);
  }
}
