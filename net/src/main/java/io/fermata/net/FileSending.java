package io.fermata.net;

import io.fermata.async.Async;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** The sending of a file over a stream. */
final class FileSending {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();
  private static final int PIECE = 1 << 16;

  private FileSending() {}

  static Async<Long> of(TcpStream stream, Path file, long offset, long count) {
    Objects.requireNonNull(file, "the file is null");
    if (offset < 0 || count < 0) {
      throw new IllegalArgumentException(
          "cannot send a part of a file with offset "
              + offset
              + " and count "
              + count
              + ": both must be zero or more");
    }
    return Async.of(
        HERE,
        co -> {
          FileChannel opened =
              co.await(Async.toThread(() -> FileChannel.open(file, StandardOpenOption.READ)));
          long length;
          try {
            length = Math.min(count, Math.max(0, opened.size() - offset));
          } catch (IOException unreadable) {
            opened.close();
            throw unreadable;
          }
          co.await(
              stream.connection.tls() == null
                  ? direct(stream, opened, offset, length)
                  : copying(stream, opened, offset, length));
          return length;
        });
  }

  /** The system copies the bytes. Netty closes the file. */
  private static Async<Void> direct(TcpStream stream, FileChannel file, long offset, long length) {
    return Async.action(
        HERE,
        co -> {
          DefaultFileRegion region = new DefaultFileRegion(file, offset, length);
          try {
            co.await(stream.flush());
          } catch (Throwable failure) {
            region.release();
            throw failure;
          }
          if (stream.isClosing()) {
            region.release();
            throw new IOException("cannot send a file over " + stream + ": it was closed");
          }
          ChannelFuture sent = co.await(new LoopThreadCall<>(() -> stream.connection.send(region)));
          Throwable failure = co.await(Completion.of(sent));
          if (failure != null) {
            throw Failures.of("cannot send a file over " + stream, failure);
          }
        });
  }

  private static Async<Void> copying(TcpStream stream, FileChannel file, long offset, long length) {
    return Async.action(
        HERE,
        co -> {
          try (file) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, length));
            for (long at = offset, end = offset + length; at < end; ) {
              piece.clear().limit((int) Math.min(PIECE, end - at));
              long from = at;
              if (co.await(Async.toThread(() -> file.read(piece, from))) < 0) {
                throw new IOException(
                    "cannot send a file over " + stream + ": the file became shorter meanwhile");
              }
              at += piece.flip().remaining();
              co.await(stream.write(piece));
            }
            co.await(stream.flush());
          }
        });
  }
}
