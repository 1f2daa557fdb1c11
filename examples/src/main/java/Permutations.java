import io.fermata.Generator;

/** All orders of the letters of a word, by a generator that loops over itself. */
public class Permutations {
  public static void main(String[] args) {
    for (String word : permutations("stop")) System.out.println(word);
  }

  static Generator<String> permutations(String letters) {
    return Generator.of(
        co -> {
          if (letters.isEmpty()) {
            co.yield("");
            return;
          }
          char first = letters.charAt(0);
          for (String rest : permutations(letters.substring(1))) {
            for (int i = 0; i <= rest.length(); i++) {
              co.yield(rest.substring(0, i) + first + rest.substring(i));
            }
          }
        });
  }
}
