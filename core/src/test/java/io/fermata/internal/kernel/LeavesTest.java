package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeavesTest {
  private Field field;
  private Object installed;

  private static final class Leaf implements Waitable {
    @Override
    public Object park(Parked task) {
      return PARKED;
    }

    @Override
    public boolean undo(Parked task, Throwable why) {
      return false;
    }

    @Override
    public Object outcome(Parked task) {
      return AGAIN;
    }
  }

  @BeforeEach
  void remember() throws ReflectiveOperationException {
    field = Leaves.class.getDeclaredField("observer");
    field.setAccessible(true);
    installed = field.get(null);
    field.set(null, null);
  }

  @AfterEach
  void restore() throws ReflectiveOperationException {
    field.set(null, installed);
  }

  @Test
  void theObserverIsToldOfEachLeaf() {
    List<Object> told = new ArrayList<>();
    Leaves.tell(
        new Leaves.Observer() {
          @Override
          public void made(Waitable leaf) {
            told.add("made");
            told.add(leaf);
          }

          @Override
          public void used(Waitable leaf) {
            told.add("used");
            told.add(leaf);
          }
        });
    Waitable leaf = new Leaf();
    Leaves.made(leaf);
    Leaves.used(leaf);
    assertEquals(List.of("made", leaf, "used", leaf), told);
  }

  @Test
  void withoutAnObserverNobodyIsTold() {
    Waitable leaf = new Leaf();
    Leaves.made(leaf);
    Leaves.used(leaf);
  }
}
