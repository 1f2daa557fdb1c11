package io.fermata.internal.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongTextTest {
  private final LongText text = new LongText();

  @Test
  void itIsEmptyAtFirst() {
    assertTrue(text.isEmpty());
    assertEquals("", text.toString());
    assertTrue(text.isEmpty());
  }

  @Test
  void itIsNotEmptyWithSomethingInIt() {
    text.append('a');
    assertFalse(text.isEmpty());
    assertEquals("a", text.toString());
    assertFalse(text.isEmpty());
  }

  @Test
  void itCanBeReadTwiceAndAppendedTo() {
    assertEquals("one", text.append("one").toString());
    assertEquals("one", text.toString());
    assertEquals("one two", text.append("not two!", 3, 7).toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void itIsAStringBuilder(long seed) {
    Random random = new Random(seed);
    StringBuilder model = new StringBuilder();
    for (int step = 0; step < 1500; step++) {
      String part = ("" + step).repeat(random.nextInt(60));
      switch (random.nextInt(3)) {
        case 0 -> {
          text.append(part);
          model.append(part);
        }
        case 1 -> {
          int start = random.nextInt(part.length() + 1);
          text.append(part, start, part.length());
          model.append(part, start, part.length());
        }
        default -> {
          text.append('x');
          model.append('x');
        }
      }
    }
    assertTrue(model.length() > 3 * 8192, "the text is too short for several parts");
    assertEquals(model.toString(), text.toString());
  }
}
