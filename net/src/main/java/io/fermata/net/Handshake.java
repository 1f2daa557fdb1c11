package io.fermata.net;

import io.fermata.async.Async;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.lang.invoke.MethodHandles;

/** The beginning of TLS on a channel. */
final class Handshake {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Handshake() {}

  /**
   * Does it; closes the connection if it fails, or is cancelled.
   *
   * @param tls is put at the front of the pipeline
   */
  static Async<Void> of(Connection connection, SslHandler tls) {
    return Async.action(
        HERE,
        co -> {
          Channel channel = connection.channel;
          Connection.halfCloses(channel, false);
          ByteBuf early = connection.takeUnread();
          channel.pipeline().addFirst(tls);
          if (early != null) {
            channel.pipeline().fireChannelRead(early).fireChannelReadComplete();
          }
          Throwable failure = co.await(Completion.of(tls.handshakeFuture(), channel::close));
          if (failure != null) {
            channel.close();
            throw Failures.of("cannot do the TLS handshake on " + connection.name, failure);
          }
        });
  }
}
