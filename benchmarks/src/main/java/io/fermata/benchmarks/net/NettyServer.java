package io.fermata.benchmarks.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.util.function.Supplier;

/**
 * Servers written as Netty's handlers, by hand, on one thread with epoll: {@code NettyServer
 * redis|echo PORT [CHAIN.pem KEY.pem]}.
 */
public final class NettyServer {
  private NettyServer() {}

  public static void main(String[] args) throws Exception {
    Supplier<ChannelHandler> handlers = args[0].equals("redis") ? NettyRedis::new : NettyEcho::new;
    SslContext tls =
        args.length < 4
            ? null
            : SslContextBuilder.forServer(new File(args[2]), new File(args[3]))
                .sslProvider(SslProvider.JDK)
                .build();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                if (tls != null) {
                  channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(handlers.get());
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[1]))
        .sync();
    System.out.println("listening on port " + args[1]);
  }
}
