import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.async.Handle;
import io.fermata.io.AsyncReader;
import io.fermata.io.LimitOverrunException;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A server that redis-cli and redis-benchmark take for Redis: strings that may expire, counters,
 * channels to subscribe to. All clients share the maps below, and nothing is locked: between two
 * awaits nobody else runs.
 */
public class RedisServer {
  private static final int LONGEST_REQUEST = 1 << 20;
  private static final int BATCH = 1 << 16;

  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Set<Session>> subscribers = new HashMap<>();

  // What one client's turn needs; the next turn is another client's.
  private final Request request = new Request();
  private final Replies replies = new Replies();

  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? port(args[0]) : 6379;
    RedisServer redis = new RedisServer();
    EventLoop.run(
        Async.action(
            co -> {
              TcpServer server =
                  co.await(
                      TcpServer.setup()
                          .on("127.0.0.1", port)
                          .limits(LONGEST_REQUEST / 2, BATCH)
                          .start(redis::serve));
              System.out.println("listening on port " + server.port());
              try {
                co.await(server.serveForever());
              } finally {
                co.await(server.stop(Duration.ofSeconds(2)));
              }
            }));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      System.err.println("not a port: " + text + "; usage: RedisServer [PORT]");
      System.exit(2);
    }
    return port;
  }

  private void serve(Awaiter co, TcpStream client) throws Exception {
    AsyncReader in = client.reader();
    Session session = new Session(client);
    try {
      while (!session.ended) {
        boolean answeredAll = answer(in, session);
        byte[] unsent = replies.sendTo(client);
        if (unsent != null) {
          co.await(client.write(unsent));
        }
        if (answeredAll && !co.await(in.more())) {
          break;
        }
      }
    } catch (ProtocolException | LimitOverrunException refused) {
      replies.error("Protocol error: " + refused.getMessage());
      replies.sendTo(client);
    } catch (IOException gone) {
      // a client may leave at any time
    } finally {
      replies.clear();
      Set.copyOf(session.channels).forEach(channel -> unsubscribe(session, channel));
    }
  }

  /** Answers what has come as a whole; false if it stopped before, as the replies are many. */
  private boolean answer(AsyncReader in, Session session) throws IOException {
    ByteBuffer bytes = in.peek();
    try {
      while (!session.ended && request.parse(bytes)) {
        execute(session);
        if (replies.size > BATCH) {
          return false;
        }
      }
      return true;
    } finally {
      in.skip(bytes.position());
    }
  }

  private void execute(Session session) {
    Verb verb = request.verb();
    if (verb == null) {
      replies.error("unknown command '" + request.text(0) + "'");
    } else if (request.size < verb.least || request.size > verb.most) {
      String name = verb.name().toLowerCase(Locale.ROOT);
      replies.error("wrong number of arguments for '" + name + "' command");
    } else if (!session.channels.isEmpty() && !verb.whileSubscribed) {
      replies.error("only (UN)SUBSCRIBE, PING and QUIT are allowed in this context");
    } else {
      try {
        execute(verb, session);
      } catch (IllegalArgumentException refused) {
        replies.error(refused.getMessage());
      }
    }
  }

  private void execute(Verb verb, Session session) {
    switch (verb) {
      case PING -> ping(session);
      case ECHO -> replies.bulk(request.bytes(1));
      case GET -> replies.bulk(value(request.text(1)));
      case SET -> set();
      case INCR -> increment(request.text(1));
      case DEL -> replies.integer(count(key -> put(key, null) != null));
      case EXISTS -> replies.integer(count(entries::containsKey));
      case EXPIRE -> expire(request.text(1), Duration.ofSeconds(request.number(2)));
      case TTL -> replies.integer(secondsToLive(request.text(1)));
      case SUBSCRIBE -> {
        for (int i = 1; i < request.size; i++) {
          subscribe(session, request.text(i));
        }
      }
      case UNSUBSCRIBE -> unsubscribe(session);
      case PUBLISH -> replies.integer(publish(request.text(1), request.bytes(2)));
      case CONFIG -> {
        replies.array(2);
        replies.bulk(request.bytes(2));
        replies.bulk(new byte[0]);
      }
      case COMMAND -> replies.array(0);
      case QUIT -> {
        replies.status("OK");
        session.ended = true;
      }
    }
  }

  private void ping(Session session) {
    if (!session.channels.isEmpty()) {
      replies.array(2);
      replies.bulk("pong");
      replies.bulk(request.size > 1 ? request.bytes(1) : new byte[0]);
    } else if (request.size > 1) {
      replies.bulk(request.bytes(1));
    } else {
      replies.status("PONG");
    }
  }

  // Strings

  private byte[] value(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  private void set() {
    Duration life = null;
    Boolean mustExist = null;
    for (int i = 3; i < request.size; i++) {
      switch (request.text(i).toUpperCase(Locale.ROOT)) {
        case "EX" -> life = Duration.ofSeconds(request.number(++i));
        case "PX" -> life = Duration.ofMillis(request.number(++i));
        case "NX" -> mustExist = false;
        case "XX" -> mustExist = true;
        default -> throw new IllegalArgumentException("syntax error");
      }
    }
    String key = request.text(1);
    if (mustExist != null && mustExist != entries.containsKey(key)) {
      replies.bulk((byte[]) null);
      return;
    }
    put(key, new Entry(request.bytes(2)));
    if (life != null) {
      expireIn(key, life);
    }
    replies.status("OK");
  }

  private void increment(String key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(null);
      put(key, entry);
    }
    long before = entry.value == null ? 0 : number(new String(entry.value, ISO_8859_1));
    if (before == Long.MAX_VALUE) {
      throw new IllegalArgumentException("increment or decrement would overflow");
    }
    entry.value = Long.toString(before + 1).getBytes(ISO_8859_1);
    replies.integer(before + 1);
  }

  /** Puts an entry, or none, and returns the one before, which expires no more. */
  private Entry put(String key, Entry entry) {
    Entry before = entry == null ? entries.remove(key) : entries.put(key, entry);
    if (before != null && before.expiry != null) {
      before.expiry.cancel();
    }
    return before;
  }

  private int count(Predicate<String> test) {
    int count = 0;
    for (int i = 1; i < request.size; i++) {
      count += test.test(request.text(i)) ? 1 : 0;
    }
    return count;
  }

  private void expire(String key, Duration life) {
    boolean there = entries.containsKey(key);
    if (there) {
      expireIn(key, life);
    }
    replies.integer(there ? 1 : 0);
  }

  private void expireIn(String key, Duration life) {
    Entry entry = entries.get(key);
    if (entry.expiry != null) {
      entry.expiry.cancel();
    }
    if (life.isNegative() || life.isZero()) {
      entries.remove(key);
    } else {
      entry.expiry = EventLoop.current().callLater(life, () -> entries.remove(key));
    }
  }

  private long secondsToLive(String key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return -2;
    }
    return entry.expiry == null
        ? -1
        : entry.expiry.when().minus(EventLoop.current().time()).plusMillis(999).toSeconds();
  }

  // Channels

  private void subscribe(Session session, String channel) {
    session.channels.add(channel);
    subscribers.computeIfAbsent(channel, name -> new LinkedHashSet<>()).add(session);
    replies.confirmation("subscribe", channel, session);
  }

  private void unsubscribe(Session session) {
    Set<String> channels = new LinkedHashSet<>();
    for (int i = 1; i < request.size; i++) {
      channels.add(request.text(i));
    }
    if (request.size == 1) {
      channels.addAll(session.channels);
    }
    for (String channel : channels) {
      unsubscribe(session, channel);
      replies.confirmation("unsubscribe", channel, session);
    }
    if (channels.isEmpty()) {
      replies.confirmation("unsubscribe", null, session);
    }
  }

  private void unsubscribe(Session session, String channel) {
    session.channels.remove(channel);
    subscribers.computeIfPresent(
        channel, (name, those) -> those.remove(session) && those.isEmpty() ? null : those);
  }

  /** Returns how many got it. A subscriber that does not keep up is cut off, as Redis does. */
  private int publish(String channel, byte[] message) {
    Replies encoded = new Replies();
    encoded.array(3);
    encoded.bulk("message");
    encoded.bulk(channel);
    encoded.bulk(message);
    int reached = 0;
    for (Session each : subscribers.getOrDefault(channel, Set.of())) {
      try {
        if (encoded.tryWriteTo(each.stream)) {
          reached++;
        } else {
          each.stream.abort();
        }
      } catch (IOException gone) {
        // its handler notices
      }
    }
    return reached;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("value is not an integer or out of range");
    }
  }

  private static final class Entry {
    byte[] value;
    Handle expiry;

    Entry(byte[] value) {
      this.value = value;
    }
  }

  private static final class Session {
    final TcpStream stream;
    final Set<String> channels = new LinkedHashSet<>(0);
    boolean ended;

    Session(TcpStream stream) {
      this.stream = stream;
    }
  }

  /** The commands, and how many words each has, with its name. */
  private enum Verb {
    PING(1, 2, true),
    GET(2, 2, false),
    SET(3, 7, false),
    INCR(2, 2, false),
    DEL(2, Request.MOST_WORDS, false),
    EXISTS(2, Request.MOST_WORDS, false),
    EXPIRE(3, 3, false),
    TTL(2, 2, false),
    ECHO(2, 2, false),
    PUBLISH(3, 3, false),
    SUBSCRIBE(2, Request.MOST_WORDS, true),
    UNSUBSCRIBE(1, Request.MOST_WORDS, true),
    CONFIG(3, 3, false),
    COMMAND(1, Request.MOST_WORDS, false),
    QUIT(1, 1, true);

    static final Verb[] ALL = values();

    final byte[] letters = name().getBytes(ISO_8859_1);
    final int least;
    final int most;
    final boolean whileSubscribed;

    Verb(int least, int most, boolean whileSubscribed) {
      this.least = least;
      this.most = most;
      this.whileSubscribed = whileSubscribed;
    }
  }

  private static final class ProtocolException extends IOException {
    ProtocolException(String message) {
      super(message);
    }
  }

  /** The words of a request, in the bytes that have come: {@code *2 $3 GET $3 key}, or a line. */
  private static final class Request {
    static final int MOST_WORDS = 1 << 16;
    private static final long INCOMPLETE = Long.MIN_VALUE;

    int size;
    private ByteBuffer bytes;
    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private int at;

    /** Moves the buffer past a request; false if it does not have a whole one. */
    boolean parse(ByteBuffer bytes) throws ProtocolException {
      this.bytes = bytes;
      do {
        at = bytes.position();
        size = 0;
        if (!bytes.hasRemaining() || !(bytes.get(at) == '*' ? parseArray() : parseLine())) {
          return false;
        }
        bytes.position(at);
      } while (size == 0);
      return true;
    }

    private boolean parseArray() throws ProtocolException {
      long words = length('*', MOST_WORDS);
      for (long i = 0; i < words; i++) {
        long length = length('$', LONGEST_REQUEST);
        if (length == INCOMPLETE || bytes.limit() - at < length + 2) {
          return false;
        }
        addWord(at, at + (int) length);
        at += (int) length + 2;
      }
      return words != INCOMPLETE;
    }

    /** A number between a sign and a line end. */
    private long length(char sign, int most) throws ProtocolException {
      int end = bytes.limit();
      if (at == end) {
        return INCOMPLETE;
      }
      if (bytes.get(at) != sign) {
        throw new ProtocolException("expected '" + sign + "', got '" + (char) bytes.get(at) + "'");
      }
      long number = 0;
      for (int i = at + 1; i < end; i++) {
        byte digit = bytes.get(i);
        if (digit == '\r' && i > at + 1) {
          at = i + 2;
          return at <= end ? number : INCOMPLETE;
        }
        number = number * 10 + digit - '0';
        if (digit < '0' || digit > '9' || number > most) {
          throw new ProtocolException(
              sign == '*' ? "invalid multibulk length" : "invalid bulk length");
        }
      }
      return INCOMPLETE;
    }

    /** What people type: words up to the end of a line. */
    private boolean parseLine() {
      int start = -1;
      for (; at < bytes.limit(); at++) {
        byte letter = bytes.get(at);
        if (letter > ' ') {
          start = start < 0 ? at : start;
        } else if (start >= 0) {
          addWord(start, at);
          start = -1;
        }
        if (letter == '\n') {
          at++;
          return true;
        }
      }
      return false;
    }

    private void addWord(int start, int end) {
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, size * 2);
        ends = Arrays.copyOf(ends, size * 2);
      }
      starts[size] = start;
      ends[size++] = end;
    }

    /** The command; null if it is unknown. */
    Verb verb() {
      int start = starts[0];
      int length = ends[0] - start;
      for (Verb each : Verb.ALL) {
        byte[] letters = each.letters;
        if (letters.length == length) {
          int i = 0;
          while (i < length && (bytes.get(start + i) & ~0x20) == letters[i]) {
            i++;
          }
          if (i == length) {
            return each;
          }
        }
      }
      return null;
    }

    byte[] bytes(int word) {
      byte[] copy = new byte[ends[word] - starts[word]];
      bytes.get(starts[word], copy);
      return copy;
    }

    /** One character for each byte, whatever the bytes are. */
    String text(int word) {
      return new String(bytes(word), ISO_8859_1);
    }

    long number(int word) {
      if (word >= size) {
        throw new IllegalArgumentException("syntax error");
      }
      return RedisServer.number(text(word));
    }
  }

  /** Replies that are to be sent together. */
  private static final class Replies {
    private byte[] bytes = new byte[256];
    int size;

    /** Empties it; returns what the client has no room for now, null if nothing. */
    byte[] sendTo(TcpStream client) throws IOException {
      byte[] unsent = size == 0 || tryWriteTo(client) ? null : Arrays.copyOf(bytes, size);
      clear();
      return unsent;
    }

    void clear() {
      size = 0;
      if (bytes.length > 2 * BATCH) {
        bytes = new byte[256];
      }
    }

    boolean tryWriteTo(TcpStream client) throws IOException {
      return client.writer().tryWrite(bytes, 0, size);
    }

    void status(String text) {
      line('+', text);
    }

    void error(String text) {
      line('-', "ERR " + text.replace('\r', ' ').replace('\n', ' '));
    }

    void integer(long number) {
      line(':', number);
    }

    void array(int length) {
      line('*', length);
    }

    void bulk(String text) {
      bulk(text == null ? null : text.getBytes(ISO_8859_1));
    }

    void bulk(byte[] value) {
      line('$', value == null ? -1 : value.length);
      if (value != null) {
        makeRoom(value.length + 2);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        endLine();
      }
    }

    private void line(char kind, String text) {
      makeRoom(text.length() + 3);
      bytes[size++] = (byte) kind;
      for (int i = 0; i < text.length(); i++) {
        bytes[size++] = (byte) text.charAt(i);
      }
      endLine();
    }

    private void line(char kind, long number) {
      if (number < 0) {
        line(kind, Long.toString(number));
        return;
      }
      makeRoom(22);
      bytes[size++] = (byte) kind;
      int digits = 1;
      for (long rest = number; rest > 9; rest /= 10) {
        digits++;
      }
      long rest = number;
      for (int i = size + digits - 1; i >= size; i--, rest /= 10) {
        bytes[i] = (byte) ('0' + rest % 10);
      }
      size += digits;
      endLine();
    }

    private void endLine() {
      bytes[size++] = '\r';
      bytes[size++] = '\n';
    }

    private void makeRoom(int more) {
      if (bytes.length - size < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
      }
    }

    void confirmation(String what, String channel, Session session) {
      array(3);
      bulk(what);
      bulk(channel);
      integer(session.channels.size());
    }
  }
}
