package io.fermata.net;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A watch for interrupts of a thread that waits in a system call, which ignores them. It is a
 * selector only because the JDK reports interrupts to selectors alone.
 */
final class InterruptWatch extends AbstractSelector {
  private final Runnable onInterrupt;

  InterruptWatch(Runnable onInterrupt) {
    super(null);
    this.onInterrupt = onInterrupt;
  }

  /** Begins to watch. If the current thread is interrupted already, reports that at once. */
  void watch() {
    begin();
  }

  void unwatch() {
    end();
  }

  /** Called by an interrupt. */
  @Override
  public Selector wakeup() {
    onInterrupt.run();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(
      AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
    throw new UnsupportedOperationException("a watch for interrupts has no channels");
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    return 0;
  }

  @Override
  public int select(long timeout) {
    return 0;
  }

  @Override
  public int select() {
    return 0;
  }
}
