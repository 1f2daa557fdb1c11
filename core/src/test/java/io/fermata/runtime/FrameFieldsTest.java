package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The fields that every coroutine pays for. */
class FrameFieldsTest {
  @Test
  void aFrameHasTheseFieldsAndNoOther() {
    Map<String, String> expected =
        Map.of(
            "state", "int",
            "value", "Object",
            "waiting", "boolean",
            "nesting", "byte",
            "stepping", "byte",
            "delegate", "Object",
            "token", "Token",
            "driver", "Driver");

    assertEquals(new TreeMap<>(expected), fields(Frame.class));
    assertEquals(Object.class, Frame.class.getSuperclass());
  }

  @Test
  void theKindsOfGeneratorAddWhatTheyYield() {
    assertEquals(Map.of(), fields(GeneratorFrame.class));
    assertEquals(Map.of(), fields(CoroutineFrame.class));
    assertEquals(Map.of("current", "int"), fields(IntFrame.class));
    assertEquals(Map.of("current", "long"), fields(LongFrame.class));
    assertEquals(Map.of("current", "double"), fields(DoubleFrame.class));
    assertEquals(Map.of("claimed", "boolean"), fields(AsyncFrame.class));
    assertEquals(
        Map.of("waits", "boolean", "co", "CapturedAwaiter"), fields(AsyncGeneratorFrame.class));
  }

  private static Map<String, String> fields(Class<?> type) {
    Map<String, String> found = new TreeMap<>();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        found.put(field.getName(), field.getType().getSimpleName());
      }
    }
    return found;
  }
}
