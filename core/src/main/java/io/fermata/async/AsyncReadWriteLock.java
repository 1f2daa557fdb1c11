package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.waiting.Admission;

/**
 * A lock that several tasks hold to read, or one holds to write. Ideas: {@code
 * java.util.concurrent.locks.ReadWriteLock}, tokio's {@code RwLock}.
 *
 * <pre>{@code
 * AsyncReadWriteLock lock = AsyncReadWriteLock.open();
 * try (Permit held = co.await(lock.read())) {
 *   counter = co.await(count("rows"));                  // beside other readers
 * }
 * try (Permit held = co.await(lock.write())) {
 *   co.await(store(counter + 1));                       // alone
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Tasks get the lock in the order in which they asked. Readers behind a waiting
 * writer wait for it, so no writer starves.
 *
 * <p>The lock is not re-entrant, and a reader cannot become a writer: a task that holds it and asks
 * for it to write waits for itself.
 *
 * <p><b>Cancellation.</b> A cancelled await has taken nothing. Readers behind a writer that has
 * left go on at once.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the lock to its loop, and a wait
 * in another loop fails. The lock does not synchronise threads.
 *
 * <p><b>Cost.</b> An await allocates one small object, which is also its place in the line and the
 * {@link Permit}. If it need not wait, the task keeps its turn.
 */
public final class AsyncReadWriteLock {
  private static final int READ = 0;
  private static final int WRITE = 1;

  private final Holders holders = new Holders();
  private int readers;
  private boolean isWritten;

  private AsyncReadWriteLock() {}

  /**
   * A free lock. No loop needs to run here.
   *
   * @return a new lock
   */
  public static AsyncReadWriteLock open() {
    return new AsyncReadWriteLock();
  }

  /**
   * Waits until no task writes and no earlier task waits, and takes the lock to read. A cancelled
   * await has not taken it.
   *
   * @return an {@code Async} that gives the permit, which releases the lock
   * @throws IllegalStateException from the await, if it has to wait and the lock belongs to another
   *     loop
   */
  @CheckReturnValue
  public Async<Permit> read() {
    return new Acquire(this, READ);
  }

  /**
   * Waits until no task reads or writes and no earlier task waits, and takes the lock to write. A
   * cancelled await has not taken it.
   *
   * @return an {@code Async} that gives the permit, which releases the lock
   * @throws IllegalStateException from the await, if it has to wait and the lock belongs to another
   *     loop
   */
  @CheckReturnValue
  public Async<Permit> write() {
    return new Acquire(this, WRITE);
  }

  @Override
  public String toString() {
    String state = isWritten ? "writing" : readers > 0 ? readers + " reading" : "unlocked";
    return "read-write lock (" + state + holders.waiting() + ")";
  }

  /** The lock as what is scarce; the amount is the way in which it is held. */
  private final class Holders extends Admission {
    Holders() {
      super(AsyncReadWriteLock.this);
    }

    @Override
    protected boolean has(int how) {
      return !isWritten && (how == READ || readers == 0);
    }

    @Override
    protected void take(int how) {
      if (how == READ) {
        readers++;
      } else {
        isWritten = true;
      }
    }

    @Override
    protected void putBack(int how) {
      if (how == READ) {
        readers--;
      } else {
        isWritten = false;
      }
    }
  }

  private static final class Acquire extends Admission.Entry<Permit> implements Permit {
    private final AsyncReadWriteLock lock;
    private boolean closed;

    Acquire(AsyncReadWriteLock lock, int how) {
      super(lock.holders, how);
      this.lock = lock;
    }

    @Override
    protected Permit admitted() {
      return this;
    }

    @Override
    public void close() {
      lock.holders.check("close()");
      if (!closed) {
        closed = true;
        lock.holders.putBack(amount);
        lock.holders.admit();
      }
    }

    @Override
    public String toString() {
      return (amount == READ ? "read()" : "write()") + " of " + lock;
    }
  }
}
