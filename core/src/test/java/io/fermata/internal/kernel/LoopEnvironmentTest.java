package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopEnvironmentTest {
  private final FakeHost host = new FakeHost();

  @AfterEach
  void takeBack() {
    LoopEnvironment.use(null);
  }

  @Test
  void aLoopLivesInWhatItsThreadHasChosen() {
    LoopEnvironment chosen = host.environment();
    LoopEnvironment.use(chosen);
    assertSame(chosen, LoopEnvironment.forNewLoop());
  }

  @Test
  void aLoopLivesInRealTimeElse() {
    LoopEnvironment.use(host.environment());
    LoopEnvironment.use(null);
    LoopEnvironment usual = LoopEnvironment.forNewLoop();
    assertSame(Clock.SYSTEM, usual.clock());
    assertTrue(usual.host() instanceof ThreadHost);
    assertNull(usual.order());
  }

  @Test
  void eachLoopHasAHostOfItsOwn() {
    assertNotSame(LoopEnvironment.forNewLoop().host(), LoopEnvironment.forNewLoop().host());
  }

  @Test
  void aGuestKeepsItsHostAndTakesTheChosenClock() {
    Order order = candidates -> 0;
    LoopEnvironment.use(new LoopEnvironment(host, host, order));
    FakeHost own = new FakeHost();
    assertEquals(new LoopEnvironment(own, host, order), LoopEnvironment.forGuest(own));
  }

  @Test
  void aGuestLivesInRealTimeElse() {
    assertEquals(new LoopEnvironment(host, Clock.SYSTEM), LoopEnvironment.forGuest(host));
  }

  @Test
  void theClockOfTheJvmBeganWithIt() {
    long first = Clock.SYSTEM.nanos();
    long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
    assertTrue(first >= 0);
    assertTrue(first <= TimeUnit.MILLISECONDS.toNanos(uptime + 1000));
  }

  @Test
  void theClockOfTheJvmGoesOn() {
    long first = Clock.SYSTEM.nanos();
    long next = first;
    for (int i = 0; i < 100_000_000 && next == first; i++) {
      next = Clock.SYSTEM.nanos();
    }
    assertTrue(next > first);
  }
}
