import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches pages at the same time with the JDK's client, whose futures are awaited as they are:
 * {@code HttpFetch URL...}.
 */
public class HttpFetch {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  public static void main(String[] args) throws Exception {
    if (args.length == 0 || !Stream.of(args).allMatch(url -> url.matches("https?://\\S+"))) {
      System.err.println(
          "not URLs: " + String.join(" ", args) + "; usage: HttpFetch http://HOST/PAGE...");
      System.exit(2);
    }
    EventLoop.run(
        Async.action(
            co -> {
              List<Async<String>> pages = new ArrayList<>();
              for (String url : args) {
                pages.add(fetch(URI.create(url)));
              }
              co.await(Async.gather(pages)).forEach(System.out::println);
            }));
  }

  static Async<String> fetch(URI uri) {
    return Async.of(
        co -> {
          HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
          HttpResponse<byte[]> page =
              co.await(CLIENT.sendAsync(request, BodyHandlers.ofByteArray()));
          return page.statusCode() + " " + page.body().length + " bytes " + uri;
        });
  }
}
