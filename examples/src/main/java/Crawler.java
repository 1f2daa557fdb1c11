import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.List;

/** A pipeline of operators: pages are fetched three at a time, and stored in pairs. */
public class Crawler {
  private static final List<String> URLS =
      List.of("/", "/about", "/gone", "/news", "/news/1", "/news/2", "/contact");

  private static int running;
  private static int most;

  record Page(String url, int status) {}

  public static void main(String[] args) throws Exception {
    EventLoop.run(crawl());
    System.out.println("at most " + most + " requests at a time");
  }

  static Async<Void> crawl() {
    return AsyncGenerator.from(URLS)
        .mapConcurrently(3, (co, url) -> co.await(fetch(url)))
        .filter(page -> page.status() == 200)
        .chunked(2, Duration.ofSeconds(10))
        .forEach((co, pages) -> co.await(store(pages)));
  }

  /** The page of a server that answers short addresses late. */
  static Async<Page> fetch(String url) {
    return Async.of(
        co -> {
          running++;
          most = Math.max(most, running);
          try {
            co.await(Async.sleep(Duration.ofMillis(40 - 4L * url.length())));
          } finally {
            running--;
          }
          return new Page(url, url.equals("/gone") ? 404 : 200);
        });
  }

  static Async<Void> store(List<Page> pages) {
    return Async.action(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(5)));
          System.out.println("stored " + pages.stream().map(Page::url).toList());
        });
  }
}
