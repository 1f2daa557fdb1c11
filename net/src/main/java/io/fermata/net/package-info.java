/**
 * Networking for tasks: TCP, TLS, UDP and Unix sockets, on Netty.
 *
 * <p>A {@link io.fermata.net.TcpServer} runs a task for each connection, which reads and writes its
 * {@link io.fermata.net.TcpStream} like a blocking one. With this module on the path, {@link
 * io.fermata.async.EventLoop#run} waits for sockets too: one thread does I/O and tasks. {@link
 * io.fermata.net.Netty} has the bridges to Netty's own loops, channels and pipelines.
 */
@NullMarked
package io.fermata.net;

import org.jspecify.annotations.NullMarked;
