/** Sockets as straight-line code, on Netty. */
module io.fermata.net {
  requires transitive io.fermata;
  requires transitive io.netty.buffer;
  requires transitive io.netty.transport;
  requires transitive io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires static transitive org.jspecify;

  exports io.fermata.net;

  provides io.fermata.internal.kernel.HostProvider with
      io.fermata.net.NettyHostProvider;
}
