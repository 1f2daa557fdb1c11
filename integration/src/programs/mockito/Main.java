import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.List;
import org.mockito.MockedConstruction;
import org.mockito.MockedStatic;
import org.mockito.Mockito;

/** Mocks in the place of what bodies call. Each line says what was called, and what came out. */
public class Main {
  /** Final, as are records and the classes of Kotlin. */
  static final class Source {
    void emit(Yielder<?, String> co) {
      co.yield("real");
    }

    String name() {
      return "real";
    }

    String ask(Yielder<String, String> co, String question) {
      return "real " + co.yield(question);
    }

    void numbers(IntYielder co) {
      co.yield(1);
    }

    String fetch(Awaiter co) throws Exception {
      co.await(Async.sleep(Duration.ofMillis(1)));
      return "real";
    }
  }

  static class Open {
    void emit(Yielder<?, String> co) {
      co.yield("real " + name());
      own(co);
    }

    private void own(Yielder<?, String> co) {
      co.yield("private");
    }

    String name() {
      return "name";
    }
  }

  static class Util {
    static void emit(Yielder<?, String> co) {
      co.yield("real");
    }

    static String name() {
      return "real";
    }

    static String fetch(Awaiter co) throws Exception {
      co.await(Async.sleep(Duration.ofMillis(1)));
      return "real";
    }
  }

  static class Body implements GeneratorBody<String> {
    @Override
    public void run(Yielder<?, String> co) {
      co.yield("real");
    }
  }

  static Generator<String> of(Source source) {
    return Generator.of(
        co -> {
          co.yield(source.name());
          source.emit(co);
        });
  }

  static Generator<String> ofOpen(Open source) {
    return Generator.of(co -> source.emit(co));
  }

  static Coroutine<String, String, String> asking(Source source) {
    return Coroutine.of(co -> "<" + source.ask(co, "first") + ">");
  }

  static Generator<String> ofStatic() {
    return Generator.of(
        co -> {
          co.yield(Util.name());
          Util.emit(co);
          co.yield("end");
        });
  }

  static Generator<String> reference(Source source) {
    return Generator.of(source::emit);
  }

  static Generator<String> made() {
    return Generator.of(co -> new Source().emit(co));
  }

  static IntGenerator numbers(Source source) {
    return IntGenerator.of(co -> source.numbers(co));
  }

  static Async<String> fetching(Source source) {
    return Async.of(co -> source.fetch(co) + " " + Util.fetch(co));
  }

  @SuppressWarnings("unchecked")
  private static Yielder<Object, String> yielder(Object co) {
    return (Yielder<Object, String>) co;
  }

  private static Source mock() {
    Source mock = Mockito.mock(Source.class);
    Mockito.when(mock.name()).thenReturn("mocked");
    Mockito.doAnswer(
            call -> {
              yielder(call.getArgument(0)).yield("mocked");
              yielder(call.getArgument(0)).yield("twice");
              return null;
            })
        .when(mock)
        .emit(Mockito.any());
    Mockito.doAnswer(
            call -> {
              Object sent = yielder(call.getArgument(0)).yield("mocked " + call.getArgument(1));
              return "answer to " + sent;
            })
        .when(mock)
        .ask(Mockito.any(), Mockito.any());
    Mockito.doAnswer(
            call -> {
              ((IntYielder) call.getArgument(0)).yield(7);
              return null;
            })
        .when(mock)
        .numbers(Mockito.any());
    return mock;
  }

  public static void main(String[] arguments) throws Exception {
    // before Mockito is there, so all of them are compiled
    show("real", of(new Source()));
    show("real open", ofOpen(new Open()));
    show("real static", ofStatic());
    show("real reference", reference(new Source()));
    show("real body", Generator.of(new Body()));
    show("real made", made());
    Generator<String> early = ofStatic();
    System.out.println(early.next());

    Source mock = mock();
    show("mock", of(mock));
    show("reference to a mock", reference(mock));
    show("numbers", numbers(mock));
    Coroutine<String, String, String> asking = asking(mock);
    System.out.println(asking.next() + ", " + asking.advance("yes") + ", " + asking.result());
    Mockito.verify(mock).ask(Mockito.any(), Mockito.eq("first"));
    Mockito.doThrow(new IllegalStateException("mocked")).when(mock).emit(Mockito.any());
    show(
        "throws",
        Generator.<String>of(
            co -> {
              try {
                mock.emit(co);
              } catch (IllegalStateException failure) {
                co.yield("caught " + failure.getMessage());
              }
            }));

    Source silent = Mockito.spy(new Source());
    Mockito.doNothing().when(silent).emit(Mockito.any());
    show("silent spy", of(silent));
    show("spy", of(Mockito.spy(new Source())));
    Open open = Mockito.spy(new Open());
    Mockito.doReturn("mocked").when(open).name();
    show("open spy", ofOpen(open));
    Mockito.doAnswer(
            call -> {
              yielder(call.getArgument(0)).yield("before");
              return call.callRealMethod();
            })
        .when(open)
        .emit(Mockito.any());
    show("real method", ofOpen(open));
    Mockito.verify(open, Mockito.times(2)).emit(Mockito.any());

    Body body = Mockito.mock(Body.class);
    Mockito.doAnswer(
            call -> {
              yielder(call.getArgument(0)).yield("mocked");
              return null;
            })
        .when(body)
        .run(Mockito.any());
    show("body", Generator.of(body));
    show("lambda's interface", Generator.of(Mockito.mock(GeneratorBody.class)));
    show("real beside mocks", of(new Source()));

    try (MockedStatic<Util> util = Mockito.mockStatic(Util.class)) {
      util.when(Util::name).thenReturn("mocked");
      util.when(() -> Util.emit(Mockito.any()))
          .thenAnswer(
              call -> {
                yielder(call.getArgument(0)).yield("mocked");
                yielder(call.getArgument(0)).yield(Util.name() + " too");
                return null;
              });
      util.when(() -> Util.fetch(Mockito.any())).thenReturn("mocked");
      Mockito.doReturn("mocked").when(mock).fetch(Mockito.any());
      show("static", ofStatic());
      show("static reference", Generator.<String>of(Util::emit));
      System.out.println("early " + early.next() + " " + early.toList());
      System.out.println("async " + EventLoop.run(fetching(mock)));
      System.out.println("async " + EventLoop.run(fetching(Mockito.spy(new Source()))));
    }
    show("static after", ofStatic());
    System.out.println("async " + EventLoop.run(fetching(new Source())));
    List<String> engines = List.of(of(new Source()).engine(), ofStatic().engine());
    System.out.println("engines " + engines);
    if (Boolean.getBoolean("construction")) {
      try (MockedConstruction<Source> sources = Mockito.mockConstruction(Source.class)) {
        show("construction", made());
        System.out.println(sources.constructed().size());
      }
    }
  }

  private static void show(String what, io.fermata.BaseGenerator<?> generator) {
    System.err.println(what + ": " + generator.engineReason());
    System.out.println(what + " " + generator.toList());
  }
}
