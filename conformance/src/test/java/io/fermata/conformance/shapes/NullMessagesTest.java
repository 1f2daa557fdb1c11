package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;

/** What a NullPointerException says, as in plain code: the class files have variables (-g). */
class NullMessagesTest {
  private static final String OWNER = NullMessagesTest.class.getName();

  static String global;
  String own;
  NullMessagesTest next;
  int number;
  static int[] numbers;

  private static String message(GeneratorBody<Integer> body) {
    try {
      Generator.of(body).forEach(each -> {});
    } catch (NullPointerException expected) {
      return expected.getMessage();
    }
    throw new AssertionError("nothing was thrown");
  }

  private static String text(Yielder<?, Integer> co) {
    co.yield(1);
    return "x";
  }

  private static int count(Yielder<?, Integer> co) {
    co.yield(1);
    return 1;
  }

  static String nothing() {
    return null;
  }

  private int helped(Yielder<?, Integer> co) {
    co.yield(1);
    return 1;
  }

  private static void check(String expected, GeneratorBody<Integer> body) {
    assertEquals(expected, message(body));
  }

  @EngineTest
  void aValueOnTheStackOverAYieldIsNamed() {
    String concat = "Cannot invoke \"String.concat(String)\" because ";
    check(
        concat + "\"name\" is null",
        co -> {
          String name = null;
          name.concat(text(co));
        });
    check(
        concat + "\"name\" is null",
        co -> {
          String name = numbers != null ? "" : null;
          name.concat(text(co));
        });
    check(
        concat + "the return value of \"" + OWNER + ".nothing()\" is null",
        co -> nothing().concat(text(co)));
    check(concat + "\"" + OWNER + ".global\" is null", co -> global.concat(text(co)));
    check(concat + "\"this.own\" is null", co -> own.concat(text(co)));
    check(
        concat + "\"all[1]\" is null",
        co -> {
          String[] all = new String[2];
          all[1].concat(text(co));
        });
  }

  @EngineTest
  void arraysAndFieldsAreNamed() {
    check(
        "Cannot store to int array because \"" + OWNER + ".numbers\" is null",
        co -> numbers[0] = count(co));
    check(
        "Cannot assign field \"number\" because \"this.next\" is null",
        co -> next.number = count(co));
    check(
        "Cannot load from int array because \"" + OWNER + ".numbers\" is null",
        co -> number = numbers[count(co)]);
  }

  @EngineTest
  void theReceiverOfAHelperIsNamed() {
    check(
        "Cannot invoke \"" + OWNER + ".helped(io.fermata.Yielder)\" because \"this.next\" is null",
        co -> next.helped(co));
    check(
        "Cannot invoke \"" + OWNER + ".helped(io.fermata.Yielder)\" because \"other\" is null",
        co -> {
          NullMessagesTest other = next;
          co.yield(1);
          other.helped(co);
        });
  }
}
