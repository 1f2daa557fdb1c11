package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.ErrorGroup;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.FailureGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;

/** Groups of failures. */
class FailureGroupTest extends AsyncTest {
  @EngineTest
  @Conforms({"E-001", "E-007"})
  void aGroupHoldsAMessageAndAtLeastOneFailure() throws Exception {
    ExceptionGroup g = new ExceptionGroup("several", List.of(new IOException(), new IOException()));
    assertEquals("several", g.message());
    assertTrue(g.getMessage().contains("several") && g.getMessage().contains("2"), g.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new ExceptionGroup("none", List.of()));
  }

  @EngineTest
  @Conforms({"E-002"})
  void onlyAGroupOfErrorsHoldsErrors() throws Exception {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ExceptionGroup("m", List.of(new AssertionError())));
    assertInstanceOf(ExceptionGroup.class, FailureGroup.of("m", List.of(new IOException())));
    assertInstanceOf(
        ErrorGroup.class, FailureGroup.of("m", List.of(new IOException(), new AssertionError())));
  }

  @EngineTest
  @Conforms({"E-003", "E-004"})
  void aGroupIsSplitWithItsNesting() throws Exception {
    IOException io = new IOException();
    IllegalStateException state = new IllegalStateException();
    ExceptionGroup inner = new ExceptionGroup("inner", List.of(io, state));
    ExceptionGroup outer = new ExceptionGroup("outer", List.of(inner, state));
    outer.initCause(io);
    FailureGroup.Split split = outer.split(IOException.class);
    FailureGroup matching = split.matching();
    assertEquals("outer", matching.message());
    assertSame(io, matching.toThrowable().getCause());
    FailureGroup part = assertInstanceOf(ExceptionGroup.class, matching.failures().get(0));
    assertEquals("inner", part.message());
    assertEquals(List.of(io), part.failures());
    assertEquals(2, split.rest().failures().size());
    assertNull(outer.split(CloneNotSupportedException.class).matching());
    assertSame(outer, outer.split(Exception.class).matching());
    assertNull(outer.split(Exception.class).rest());
    assertNull(outer.subgroup(e -> e instanceof NullPointerException));
  }

  @EngineTest
  @Conforms({"E-005"})
  void handlersTakeTheirPartOnceAndTheRestIsThrown() throws Exception {
    IOException io = new IOException();
    IllegalStateException state = new IllegalStateException();
    ExceptionGroup group = new ExceptionGroup("m", List.of(io, state, io));
    ExceptionGroup rest =
        assertThrows(
            ExceptionGroup.class,
            () ->
                FailureGroup.handling(group)
                    .on(IOException.class, part -> log.add(part.failures()))
                    .on(IOException.class, part -> log.add("again"))
                    .rethrow());
    assertEquals(List.of(state), rest.failures());
    assertEquals(List.of(List.of(io, io)), log);
    FailureGroup.handling(group).on(Exception.class, part -> log.add("all")).rethrow();
    assertSame(
        group,
        assertThrows(
            ExceptionGroup.class,
            () -> FailureGroup.handling(group).on(Error.class, part -> {}).rethrow()));
    FailureGroup.handling(io)
        .on(IOException.class, part -> log.add(part.message() + part.failures().size()))
        .rethrow();
    assertEquals(List.of(List.of(io, io), "all", "1"), log);
  }

  @EngineTest
  @Conforms({"E-006"})
  void whatAHandlerThrowsIsCollectedWithTheRest() throws Exception {
    IOException io = new IOException();
    IllegalStateException state = new IllegalStateException();
    IOException raised = new IOException("raised");
    ExceptionGroup group = new ExceptionGroup("m", List.of(io, state));
    ExceptionGroup all =
        assertThrows(
            ExceptionGroup.class,
            () ->
                FailureGroup.handling(group)
                    .on(
                        IOException.class,
                        part -> {
                          throw raised;
                        })
                    .rethrow());
    assertSame(raised, all.failures().get(0));
    assertEquals(List.of(state), ((FailureGroup) all.failures().get(1)).failures());
  }
}
