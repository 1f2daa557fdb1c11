package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingsTest {
  /** Variables count by identity. */
  private final Object one = new String("variable");

  private final Object two = new String("variable");

  @Test
  void aVariableHasTheLastValue() {
    Bindings bindings = Bindings.EMPTY.with(one, 1).with(two, 2).with(one, 3);
    assertEquals(3, bindings.get(one));
    assertEquals(2, bindings.get(two));
    assertEquals(2, bindings.size());
  }

  @Test
  void anUnknownVariableHasNone() {
    assertNull(Bindings.EMPTY.get(one));
    assertSame(Bindings.EMPTY, Bindings.EMPTY.without(one));
  }

  @Test
  void nullIsAValue() {
    Bindings bindings = Bindings.EMPTY.with(one, null);
    assertNull(bindings.get(one));
    assertEquals(1, bindings.size());
  }

  /** Against a map; earlier bindings keep their values. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theyAreAnImmutableMap(long seed) {
    Random random = new Random(seed);
    List<Bindings> all = new ArrayList<>(List.of(Bindings.EMPTY));
    List<Map<Object, Object>> models = new ArrayList<>(List.of(Map.of()));
    for (int step = 0; step < 200; step++) {
      int from = random.nextInt(all.size());
      Map<Object, Object> model = new HashMap<>(models.get(from));
      Integer variable = random.nextInt(6); // small ones are the same instance
      if (random.nextInt(3) == 0) {
        model.remove(variable);
        all.add(all.get(from).without(variable));
      } else {
        model.put(variable, step);
        all.add(all.get(from).with(variable, step));
      }
      models.add(model);
    }
    for (int i = 0; i < all.size(); i++) {
      assertEquals(models.get(i).size(), all.get(i).size(), "bindings " + i);
      for (Integer variable = 0; variable < 6; variable++) {
        assertEquals(models.get(i).get(variable), all.get(i).get(variable), "bindings " + i);
      }
    }
  }
}
