package io.fermata.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Makes exceptions that say what was under way, and with whom. */
final class Failures {
  /** What Netty's native code puts before the words of the system. */
  private static final Pattern CALL = Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

  /** What it puts behind those of a failed connect. */
  private static final Pattern ADDRESS = Pattern.compile(": [^ ]*/[^ ]*:\\d+$");

  private Failures() {}

  /** What was under way, and why it failed; of the cause's type if that tells something. */
  static IOException of(String what, Throwable cause) {
    String message = what + ": " + reason(cause);
    IOException failure;
    if (cause instanceof ConnectException) {
      failure = new ConnectException(message);
    } else if (cause instanceof SSLHandshakeException) {
      failure = new SSLHandshakeException(message);
    } else if (cause instanceof SSLException) {
      failure = new SSLException(message);
    } else {
      failure = new IOException(message);
    }
    failure.initCause(cause);
    return failure;
  }

  /** As {@link #of}, of a socket that should have got an address. */
  static IOException ofBinding(String what, Throwable cause) {
    if (!(cause instanceof IOException)) {
      return of(what, cause);
    }
    IOException failure = new BindException(what + ": " + reason(cause));
    failure.initCause(cause);
    return failure;
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    if (cause instanceof PortUnreachableException) {
      return "nobody listens on the port of the peer";
    }
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    String words = CALL.matcher(message).replaceFirst("");
    return ADDRESS.matcher(words).replaceFirst("");
  }

  /** An address for people. */
  static String name(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    if (address instanceof UnixDomainSocketAddress local) {
      return local.getPath().toString().isEmpty() ? "a local program" : local.getPath().toString();
    }
    return String.valueOf(address);
  }
}
