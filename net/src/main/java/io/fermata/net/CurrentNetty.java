package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.LoopHost;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.netty.channel.EventLoop;

/** Gives the loop of Netty's on which the current loop does its I/O; never waits. */
final class CurrentNetty implements Async<EventLoop>, Waitable {
  @Override
  public EventLoop park(Parked task) {
    LoopHost guestOf = io.fermata.async.EventLoop.current().host();
    if (guestOf instanceof NettyGuest guest) {
      return guest.netty();
    }
    Host host = task.kernel().host();
    if (host instanceof NettyHost driving) {
      return driving.netty();
    }
    throw new IllegalStateException(
        "cannot open a socket: this loop does no I/O, as "
            + (guestOf == null
                ? "it is one of a test, with a host of its own"
                : "it is a guest of " + guestOf)
            + "; use EventLoop.run, or a loop of Netty.guestOn");
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    return false;
  }

  @Override
  public EventLoop outcome(Parked task) {
    throw new IllegalStateException("it never waits");
  }

  @Override
  public Async<EventLoop> toAsync() {
    return this;
  }

  @Override
  public String toString() {
    return "the current loop of Netty's";
  }
}
