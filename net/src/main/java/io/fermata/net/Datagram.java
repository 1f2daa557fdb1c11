package io.fermata.net;

import java.net.InetSocketAddress;

/**
 * A packet that was received over UDP.
 *
 * @param data its bytes, perhaps none
 * @param sender the address of the sender, which can be forged
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed over, and not compared
public record Datagram(byte[] data, InetSocketAddress sender) {}
