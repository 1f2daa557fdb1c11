package io.fermata.io;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * Bytes that were put in and not yet taken out: a stretch of an array. Empty, it holds no array.
 *
 * <p>Taking out moves the start, and putting in moves what is left to the front or to a larger
 * array only if the end is reached; so each byte is moved a constant number of times.
 */
final class Bytes {
  private static final byte[] NONE = {};
  private static final int SMALLEST = 64;

  private byte[] array = NONE;
  private int head;
  private int tail;

  int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return tail == head;
  }

  void append(byte[] from, int offset, int length) {
    reserve(length);
    System.arraycopy(from, offset, array, tail, length);
    tail += length;
  }

  /** Takes over all that the buffer has left. */
  void append(ByteBuffer from) {
    int length = from.remaining();
    reserve(length);
    from.get(array, tail, length);
    tail += length;
  }

  /** Puts in the start of an array that nobody else uses any more; it may become its own. */
  void appendOwned(byte[] from, int length) {
    if (isEmpty() && length > 0) {
      array = from;
      head = 0;
      tail = length;
    } else {
      append(from, 0, length);
    }
  }

  private void reserve(int more) {
    if (array.length - tail >= more) {
      return;
    }
    int size = size();
    int needed = Math.addExact(size, more);
    byte[] to =
        needed <= array.length / 2
            ? array
            : new byte[Math.max(needed, size == 0 ? SMALLEST : (int) Math.min(size * 2L, 1 << 30))];
    System.arraycopy(array, head, to, 0, size);
    array = to;
    head = 0;
    tail = size;
  }

  /** Takes bytes: the array itself, if they fill it. */
  byte[] take(int length) {
    if (length == array.length && length == size()) {
      byte[] all = array;
      clear();
      return all;
    }
    byte[] taken = Arrays.copyOfRange(array, head, head + length);
    skip(length);
    return taken;
  }

  /** Moves bytes into a buffer that has room for them. */
  void take(ByteBuffer into, int length) {
    into.put(array, head, length);
    skip(length);
  }

  /** Takes bytes as text, of which the last ones are dropped. */
  String takeText(int length, int dropped, Charset charset) {
    String taken = new String(array, head, length - dropped, charset);
    skip(length);
    return taken;
  }

  byte at(int index) {
    return array[head + index];
  }

  void skip(int length) {
    head += length;
    if (head == tail) {
      clear();
    }
  }

  /** Hands over all of them, with the array that they are in. */
  ByteBuffer takeAll() {
    ByteBuffer all = ByteBuffer.wrap(array, head, size());
    clear();
    return all;
  }

  /** A view that is good until bytes are put in or taken out. */
  ByteBuffer view() {
    return ByteBuffer.wrap(array, head, size()).slice().asReadOnlyBuffer();
  }

  void clear() {
    array = NONE;
    head = 0;
    tail = 0;
  }

  /** Where a pattern begins, at {@code from} or later; -1 if it is not there. */
  int indexOf(byte[] pattern, int from) {
    byte first = pattern[0];
    for (int at = head + from, last = tail - pattern.length; at <= last; at++) {
      if (array[at] == first && matches(pattern, at)) {
        return at - head;
      }
    }
    return -1;
  }

  /** Where a byte is, at {@code from} or later; -1 if it is not there. */
  int indexOf(byte wanted, int from) {
    for (int at = head + from; at < tail; at++) {
      if (array[at] == wanted) {
        return at - head;
      }
    }
    return -1;
  }

  private boolean matches(byte[] pattern, int at) {
    for (int i = 1; i < pattern.length; i++) {
      if (array[at + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }
}
