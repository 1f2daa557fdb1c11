package io.fermata.net;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of a host, in the order of the attempts to connect. */
final class Addresses {
  private Addresses() {}

  /**
   * Addresses of the two families in turn, beginning with the family of the first one.
   *
   * @param local if not null, only addresses of its family are given
   * @throws IOException if none is left
   */
  static List<InetSocketAddress> interleaved(
      InetAddress[] found, int port, @Nullable SocketAddress local) throws IOException {
    ArrayDeque<InetSocketAddress> first = new ArrayDeque<>();
    ArrayDeque<InetSocketAddress> second = new ArrayDeque<>();
    for (InetAddress each : found) {
      if (local instanceof InetSocketAddress own
          && !own.getAddress().isAnyLocalAddress()
          && isSix(own.getAddress()) != isSix(each)) {
        continue;
      }
      (isSix(each) == isSix(found[0]) ? first : second).add(new InetSocketAddress(each, port));
    }
    List<InetSocketAddress> ordered = new ArrayList<>();
    while (!first.isEmpty() || !second.isEmpty()) {
      if (!first.isEmpty()) {
        ordered.add(first.remove());
      }
      if (!second.isEmpty()) {
        ordered.add(second.remove());
      }
    }
    if (ordered.isEmpty()) {
      throw new IOException(
          "cannot connect from " + local + ": no address of the peer is of the same family");
    }
    return ordered;
  }

  /** The address that a text denotes. Looks no name up. */
  static InetAddress literal(String text) {
    if (!isNumeric(text)) {
      throw new IllegalArgumentException(
          "not an address, but perhaps a name: "
              + text
              + "; give 127.0.0.1, ::1 or an InetAddress");
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  static boolean isNumeric(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  private static boolean isSix(InetAddress address) {
    return address instanceof Inet6Address;
  }
}
