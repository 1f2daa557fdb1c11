package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** A row of a table of wrong uses: a call, and what its message must contain. */
record Wrong(
    String call,
    Class<? extends Throwable> type,
    Executable execute,
    String whatHappened,
    String rule,
    String whatToDo) {

  static Wrong wrong(
      String call,
      Class<? extends Throwable> type,
      Executable execute,
      String whatHappened,
      String rule,
      String whatToDo) {
    return new Wrong(call, type, execute, whatHappened, rule, whatToDo);
  }

  /** Makes the calls of a table, and tells about every row that does not hold. */
  static void check(Wrong... table) {
    assertAll(Stream.of(table).map(row -> row::verify));
  }

  private void verify() {
    Throwable thrown = assertThrows(Throwable.class, execute, call);
    assertEquals(type, thrown.getClass(), call);
    for (String part : List.of(whatHappened, rule, whatToDo)) {
      assertTrue(
          thrown.getMessage().contains(part),
          () -> call + ": \"" + part + "\" is not in: " + thrown.getMessage());
    }
  }
}
