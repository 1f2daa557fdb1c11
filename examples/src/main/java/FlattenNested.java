import io.fermata.Generator;
import java.util.List;

/** Lists in lists in lists, as one flat sequence. */
public class FlattenNested {
  public static void main(String[] args) {
    List<?> nested = List.of(1, List.of(2, List.of(3, 4), List.of()), List.of(List.of(5)), 6);

    for (Object each : flatten(nested)) System.out.println(each);
  }

  static Generator<Object> flatten(List<?> nested) {
    return Generator.of(
        co -> {
          for (Object each : nested) {
            if (each instanceof List<?> list) {
              co.yieldFrom(flatten(list));
            } else {
              co.yield(each);
            }
          }
        });
  }
}
