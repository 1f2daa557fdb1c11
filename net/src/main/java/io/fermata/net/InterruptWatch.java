package io.fermata.net;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls something if a thread is interrupted while it waits in a system call that knows no
 * interrupts. It is a selector only because the JDK tells selectors, and nobody else, of an
 * interrupt.
 */
final class InterruptWatch extends AbstractSelector {
  private final Runnable onInterrupt;

  InterruptWatch(Runnable onInterrupt) {
    super(null);
    this.onInterrupt = onInterrupt;
  }

  /** From here on; at once if the current thread is interrupted. */
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
    throw new UnsupportedOperationException("it selects nothing");
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
