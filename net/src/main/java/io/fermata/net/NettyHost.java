package io.fermata.net;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.ThreadHost;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A host that does I/O: the thread of the loop drives an event loop of Netty's.
 *
 * <p><b>Guarantee.</b> Before the first socket, it parks the thread and holds nothing. While the
 * loop is busy, sockets get a turn every {@link #PERIOD} at the latest. A wake-up ends the next
 * sleep, also while the first socket is being opened.
 *
 * <p><b>Structure.</b> A {@link ManualIoEventLoop} is an event loop of Netty's that runs only when
 * it is called. The thread that opened the first socket is its thread.
 *
 * <p><b>Protocol.</b>
 *
 * <pre>
 * sleep   no task is ready: Netty waits for sockets, until the deadline or a wake-up
 * poll    a round begins: sockets get a turn if the loop did not sleep and the period is over
 * wake    writes woken, then reads netty; the loop reads woken before Netty blocks
 * close   ends the event loop, with its channels
 * </pre>
 *
 * <p><b>Rejected.</b> A thread of Netty's beside that of the loop: each event would cost two
 * switches of threads. A turn for sockets in each round: a busy loop would pay for a system call in
 * each.
 */
final class NettyHost implements Host {
  /** The longest time between two turns of the sockets in a busy loop, in nanoseconds. */
  private static final long PERIOD = 100_000;

  private final Clock clock;
  private final Host parking;

  /**
   * Null before the first socket. Written by the loop's thread, read by the threads that wake it.
   */
  private volatile @Nullable Driven netty;

  /**
   * Set by the threads that wake the loop, before they read {@link #netty}; cleared by the loop
   * after a sleep.
   */
  private volatile boolean woken;

  private long lastIo;

  /** Whether it slept in this round, so that sockets had their turn. */
  private boolean slept;

  NettyHost(Clock clock) {
    this.clock = clock;
    this.parking = new ThreadHost(clock);
  }

  /** Netty's event loop. Its thread is the one of the first call. */
  IoEventLoop netty() {
    Driven opened = netty;
    if (opened == null) {
      opened = new Driven(Transport.preferred().ioHandler());
      netty = opened;
    }
    return opened;
  }

  /** An event loop of Netty's that does not block after a wake-up or an interrupt. */
  private final class Driven extends ManualIoEventLoop {
    final InterruptWatch interrupts = new InterruptWatch(this::wakeup);

    Driven(IoHandlerFactory ioHandler) {
      super(Thread.currentThread(), ioHandler);
    }

    @Override
    protected boolean canBlock() {
      return !woken && !Thread.currentThread().isInterrupted();
    }
  }

  @Override
  public void wake() {
    woken = true; // before netty is read: the loop opens Netty, and then reads this
    Driven opened = netty;
    if (opened == null) {
      parking.wake();
    } else {
      opened.wakeup();
    }
  }

  @Override
  public void sleep(long deadline) {
    Driven opened = netty;
    if (opened == null) {
      parking.sleep(deadline);
    } else {
      sleep(opened, deadline);
      lastIo = clock.nanos();
      slept = true;
    }
    woken = false;
  }

  private void sleep(Driven opened, long deadline) {
    if (woken) {
      opened.runNow(); // looks at the sockets, and does not wait
    } else if (deadline == Long.MAX_VALUE) {
      block(opened, 0);
    } else {
      long left = deadline - clock.nanos();
      if (left > 0) {
        block(opened, left);
      } else {
        opened.runNow();
      }
    }
  }

  /** Waits for some nanoseconds; for zero, without limit. */
  private static void block(Driven opened, long nanos) {
    opened.interrupts.watch();
    try {
      opened.run(nanos);
    } finally {
      opened.interrupts.unwatch();
    }
  }

  @Override
  public boolean polls() {
    return true;
  }

  @Override
  public void poll() {
    Driven opened = netty;
    if (opened == null) {
      return;
    }
    if (slept) {
      slept = false; // the sockets had their turn in the sleep
      return;
    }
    long now = clock.nanos();
    if (now - lastIo >= PERIOD) {
      lastIo = now;
      opened.runNow();
    } else {
      opened.runNonBlockingTasks(0); // jobs of Netty alone: no call of the system
    }
  }

  @Override
  public void close() {
    Driven opened = netty;
    if (opened != null) {
      var unused = opened.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
      while (!opened.isTerminated()) {
        opened.runNow();
      }
    }
  }

  @Override
  public String toString() {
    return netty == null ? "a thread" : "a thread that drives " + Transport.preferred();
  }
}
