package io.fermata.net;

import io.fermata.async.LoopHost;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A loop of Netty's that carries loops of Fermata as guests. */
record NettyGuest(EventLoop netty) implements LoopHost {
  @Override
  public void execute(Runnable job) {
    netty.execute(job);
  }

  @Override
  public Future<?> wakeAfter(Duration delay, Runnable wake) {
    return netty.schedule(wake, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isHostThread() {
    return netty.inEventLoop();
  }

  @Override
  public boolean isTerminated() {
    return netty.isTerminated();
  }

  @Override
  public String toString() {
    return netty.toString();
  }
}
