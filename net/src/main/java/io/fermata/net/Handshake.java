package io.fermata.net;

import io.fermata.async.Async;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** The TLS handshake of a connection. */
final class Handshake {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Handshake() {}

  /**
   * Does the handshake. If it fails or is cancelled, closes the connection.
   *
   * @param tls goes to the front of the pipeline
   */
  static Async<Void> of(Connection connection, SslHandler tls) {
    return Async.action(
        HERE,
        co -> {
          Channel channel = connection.channel;
          Future<Channel> done = co.await(new LoopThreadCall<>(() -> begin(connection, tls)));
          Throwable failure = co.await(Completion.orClosed(done, channel));
          if (failure != null) {
            Completion.close(channel);
            throw Failures.of("cannot do the TLS handshake on " + connection, failure);
          }
        });
  }

  private static Future<Channel> begin(Connection connection, SslHandler tls) throws IOException {
    Connection.halfCloses(connection.channel, false);
    ByteBuf early = connection.takeUnread();
    connection.channel.pipeline().addFirst(tls);
    if (early != null) {
      connection.channel.pipeline().fireChannelRead(early).fireChannelReadComplete();
    }
    return tls.handshakeFuture();
  }
}
