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

/** Exceptions that name the operation that failed, and the peer. */
final class Failures {
  /** The prefix of Netty's native code before the text of the system. */
  private static final Pattern CALL = Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

  /** Its suffix after the text of a failed connect. */
  private static final Pattern ADDRESS = Pattern.compile(": [^ ]*/[^ ]*:\\d+$");

  private Failures() {}

  /** An exception of the cause's type, if a program may catch that type. */
  static IOException of(String operation, Throwable cause) {
    String message = operation + ": " + reason(cause);
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

  /** As {@link #of}, for a socket that cannot be bound. */
  static IOException ofBinding(String operation, Throwable cause) {
    if (!(cause instanceof IOException)) {
      return of(operation, cause);
    }
    IOException failure = new BindException(operation + ": " + reason(cause));
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

  /** An address as text. */
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
