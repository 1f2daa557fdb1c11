package io.fermata;

import java.util.Iterator;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The object that a body yields through, by convention named {@code co}.
 *
 * <p>It belongs to one run of one body. The body may pass it to helper methods, recursive ones too,
 * and to lambdas that it calls; they yield for the body. Used after the body has ended, or from
 * another thread or another body, every method throws an {@link IllegalStateException}.
 *
 * <pre>{@code
 * static void walk(Tree t, Yielder<?, Integer> co) {
 *   if (t == null) return;
 *   walk(t.left, co);
 *   co.yield(t.value);
 *   walk(t.right, co);
 * }
 * }</pre>
 *
 * @param <S> what the coroutine is sent
 * @param <Y> what it yields
 */
public interface Yielder<S extends @Nullable Object, Y extends @Nullable Object> {
  /**
   * Suspends the body and hands a value to the caller of the step. Python: {@code x = yield value}.
   *
   * <p>Whatever is {@linkplain BaseGenerator#raise raised} into the generator is thrown here,
   * checked exceptions too; {@link GeneratorExit} is thrown here when it is closed.
   *
   * @param value the value to hand out; null is a value like any other
   * @return what was sent, null if the body was resumed by a step that sends nothing
   */
  S yield(Y value);

  /**
   * Suspends the body and hands out null: {@code yield(null)}. Python: {@code x = yield}.
   *
   * @return what was sent, null if the body was resumed by a step that sends nothing
   */
  S yield();

  /**
   * Lets another coroutine take this one's place until it ends. Python: {@code r = yield from sub}.
   *
   * <p>What it yields goes straight to this one's caller; what is sent or raised goes straight to
   * it; closing this one closes it first. A step costs the same however deep the delegation is.
   *
   * @param delegate fresh or partly consumed; one that has ended yields nothing
   * @param <R> what it returns
   * @return its result; null if it had ended before
   * @throws AlreadyRunningException if it is running, for instance because it is this one
   */
  <R extends @Nullable Object> R yieldFrom(Coroutine<?, ? extends Y, R> delegate);

  /**
   * Lets a generator take this one's place until it ends, as {@link #yieldFrom(Coroutine)} does. A
   * value sent meanwhile is dropped, for a generator takes none.
   *
   * @param delegate fresh or partly consumed
   * @return its result if it is a {@link Coroutine} at run time, else null
   */
  @Nullable Object yieldFrom(BaseGenerator<? extends Y> delegate);

  /**
   * Yields every element of an iterable: the loop {@code for (Y y : delegate) yield(y)}, without
   * resuming this body for each.
   *
   * <p>The run-time type decides: what is a generator, or whose iterator is one, receives what is
   * sent and raised. Any other takes no input: a non-null value sent meanwhile is an {@link
   * UnsupportedOperationException} here; what is raised is thrown here. On close and on raise, the
   * delegate is closed if it is {@link AutoCloseable}.
   *
   * @param delegate any iterable
   * @return null, or the result if a {@link Coroutine} stands behind it
   */
  @Nullable Object yieldFrom(Iterable<? extends Y> delegate);

  /**
   * Yields every remaining element of an iterator; as {@link #yieldFrom(Iterable)}.
   *
   * @param delegate any iterator; one that ends by throwing a {@link StopIteration} gives its value
   * @return null, or the result if it is a {@link Coroutine}
   */
  @Nullable Object yieldFrom(Iterator<? extends Y> delegate);

  /**
   * Yields every element of a stream, of objects or of primitives, and closes it, however the
   * delegation ends; else as {@link #yieldFrom(Iterable)}.
   *
   * @param delegate a stream that was not used yet
   * @return null
   */
  @Nullable Object yieldFrom(BaseStream<? extends Y, ?> delegate);

  /**
   * Does nothing. It tells the compiler that a checked exception may come out of a yield, by {@link
   * BaseGenerator#raise}, so that a {@code catch} of it is legal Java.
   *
   * <pre>{@code
   * Coroutine<String, Void, Void> log = Coroutine.sink(co -> {
   *   while (true) {
   *     try {
   *       co.mayThrow(IOException.class);
   *       System.out.println(co.yield());
   *     } catch (IOException e) {
   *       System.out.println("lost: " + e.getMessage());
   *     }
   *   }
   * });
   * }</pre>
   *
   * @param type the exception to be caught
   * @param <E> the exception to be caught
   * @throws E never
   */
  default <E extends Throwable> void mayThrow(Class<E> type) throws E {}
}
