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
 * A host that does I/O: the thread of the loop drives a loop of Netty's whenever the tasks have
 * nothing to do. Until the first socket is opened it parks the thread, and holds nothing.
 *
 * <p>While the loop is busy, I/O gets its turn every {@link #PERIOD} at the latest.
 */
final class NettyHost implements Host {
  /** In nanoseconds: how long a busy loop leaves the sockets alone. */
  private static final long PERIOD = 100_000;

  private final Clock clock;
  private final Host parking;

  /** Null before the first socket. Written by the loop's thread, read by those who wake it. */
  private volatile @Nullable Driven netty;

  /**
   * Written by those who wake the loop, before they read {@link #netty}; taken back by the loop
   * after it has slept.
   */
  private volatile boolean woken;

  private long lastIo;

  /** Whether it has slept in this round, and so done I/O. */
  private boolean slept;

  NettyHost(Clock clock) {
    this.clock = clock;
    this.parking = new ThreadHost(clock);
  }

  /** Netty's loop; its thread is the one that called this first. */
  IoEventLoop netty() {
    Driven opened = netty;
    if (opened == null) {
      opened = new Driven(Transport.preferred().ioHandler());
      netty = opened;
    }
    return opened;
  }

  /** A loop of Netty's that does not block if this host was woken or the thread interrupted. */
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
    woken = true;
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
      opened.runNow();
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

  /** Waits so many nanoseconds, or without limit if zero. */
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
      slept = false;
      return;
    }
    long now = clock.nanos();
    if (now - lastIo >= PERIOD) {
      lastIo = now;
      opened.runNow();
    } else {
      opened.runNonBlockingTasks(0);
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
