package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A sink that writes to a blocking stream, each batch on another thread. */
final class PipeSink implements ByteSink {
  private final Loop loop = Loop.current();
  private final OutputStream stream;
  private final boolean closes;
  private final String name;
  private final Outlet outlet;

  private PipeSink(String name, OutputStream stream, int limit, boolean closes) {
    this.name = name;
    this.stream = stream;
    this.closes = closes;
    outlet = Outlet.open(name, this, limit);
  }

  /** A writer to a stream that is closed with it. */
  static AsyncWriter writer(String name, OutputStream stream) {
    return new PipeSink(name, stream, AsyncWriter.DEFAULT_LIMIT, true).outlet.writer();
  }

  /** A writer to a stream that stays open. */
  static AsyncWriter writerThatLeavesOpen(String name, OutputStream stream) {
    return new PipeSink(name, stream, AsyncWriter.DEFAULT_LIMIT, false).outlet.writer();
  }

  private interface Call {
    void run() throws IOException;
  }

  private void call(String verb, Call call, Runnable then) {
    PipeThreads.execute(
        () -> {
          Runnable answer = then;
          try {
            call.run();
          } catch (IOException failure) {
            answer =
                () ->
                    outlet.failed(
                        new IOException(
                            "cannot "
                                + verb
                                + " "
                                + Brief.of(name)
                                + ": "
                                + Brief.of(failure.getMessage()),
                            failure));
          }
          PipeThreads.post(loop, answer);
        });
  }

  @Override
  public void write(ByteBuffer bytes) {
    call(
        "write to",
        () -> {
          stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
          stream.flush();
        },
        outlet::written);
  }

  @Override
  public void end() {
    call("close", this::closeStream, outlet::written);
  }

  @Override
  public void close() {
    call("close", this::closeStream, outlet::closed);
  }

  /** The stream may only close when a blocked write has ended. Does not wait for that. */
  @Override
  public void abort() {
    outlet.closed();
    call("close", this::closeStream, () -> {});
  }

  private void closeStream() throws IOException {
    if (closes) {
      stream.close();
    }
  }
}
