package io.fermata.io;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * A queue of bytes: a range of an array. An empty one holds no array.
 *
 * <p>Taking moves the start. Appending moves the bytes to the front, or to a larger array, only if
 * the end of the array is reached. So each byte is moved a constant number of times.
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

  /** Appends all bytes that the buffer has left. */
  void append(ByteBuffer from) {
    int length = from.remaining();
    reserve(length);
    from.get(array, tail, length);
    tail += length;
  }

  /** Appends the start of an array that the caller does not use again. May keep the array. */
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
    int size = tail - head;
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

  /** Takes bytes. If they fill the array, gives the array itself. */
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

  /** Takes bytes as text, without the last ones. */
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

  /** Takes all bytes, with their array. */
  ByteBuffer takeAll() {
    ByteBuffer all = ByteBuffer.wrap(array, head, size());
    clear();
    return all;
  }

  /** A view that is valid until bytes are appended or taken. */
  ByteBuffer view() {
    return ByteBuffer.wrap(array, head, size()).slice().asReadOnlyBuffer();
  }

  void clear() {
    array = NONE;
    head = 0;
    tail = 0;
  }

  /** The first index of a pattern, at {@code from} or later; -1 if it is not there. */
  int indexOf(byte[] pattern, int from) {
    byte first = pattern[0];
    for (int at = head + from, last = tail - pattern.length; at <= last; at++) {
      if (array[at] == first && matches(pattern, at)) {
        return at - head;
      }
    }
    return -1;
  }

  /** The first index of a byte, at {@code from} or later; -1 if it is not there. */
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
