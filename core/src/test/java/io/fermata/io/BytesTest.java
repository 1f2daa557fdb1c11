package io.fermata.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BytesTest {
  private final Bytes bytes = new Bytes();

  private void append(String text) {
    bytes.append(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  private String take(int length) {
    return new String(bytes.take(length), US_ASCII);
  }

  @Test
  void bytesComeOutInTheirOrder() {
    append("abc");
    append("def");
    assertEquals("ab", take(2));
    append("g");
    assertEquals("cdefg", take(5));
    assertTrue(bytes.isEmpty());
  }

  @Test
  void growingKeepsWhatWasNotTaken() {
    append("x".repeat(60));
    bytes.skip(58);
    append("y".repeat(200));
    assertEquals("xx" + "y".repeat(200), take(202));
  }

  @Test
  void movingToTheFrontKeepsWhatWasNotTaken() {
    append("x".repeat(64));
    bytes.skip(62);
    append("y".repeat(10)); // fits in half of the array
    assertEquals("xx" + "y".repeat(10), take(12));
  }

  @Test
  void anOwnedArrayIsHandedOn() {
    byte[] owned = {1, 2, 3};
    bytes.appendOwned(owned, 3);
    assertSame(owned, bytes.take(3));
  }

  @Test
  void aPartOfAnOwnedArrayIsCopied() {
    byte[] owned = {1, 2, 3};
    bytes.appendOwned(owned, 2);
    assertNotSame(owned, bytes.take(2));
  }

  @Test
  void aPatternInTwoPiecesIsFound() {
    append("ab\r");
    append("\ncd");
    assertEquals(2, bytes.indexOf("\r\n".getBytes(US_ASCII), 0));
  }

  @Test
  void indexesCountFromTheFirstByteLeft() {
    append("abcabc");
    bytes.skip(1);
    assertEquals(2, bytes.indexOf((byte) 'a', 0));
    assertEquals(-1, bytes.indexOf((byte) 'a', 3));
    assertEquals('b', bytes.at(0));
  }

  @Test
  void aPatternThatDoesNotFitIsNotFound() {
    append("ab");
    assertEquals(-1, bytes.indexOf("abc".getBytes(US_ASCII), 0));
    assertEquals(-1, bytes.indexOf("b".getBytes(US_ASCII), 5));
  }
}
