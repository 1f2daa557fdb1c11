package io.fermata.net;

import java.net.InetSocketAddress;

/**
 * A packet that has come over UDP.
 *
 * @param data its bytes, perhaps none
 * @param sender who has sent it, or claims to
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed over, and not compared
public record Datagram(byte[] data, InetSocketAddress sender) {}
