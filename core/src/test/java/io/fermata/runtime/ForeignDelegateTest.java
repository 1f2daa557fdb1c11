package io.fermata.runtime;

import static io.fermata.runtime.Scripted.body;
import static io.fermata.runtime.Scripted.catching;
import static io.fermata.runtime.Scripted.delegating;
import static io.fermata.runtime.Scripted.echoing;
import static io.fermata.runtime.Scripted.yielding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.BaseGenerator;
import io.fermata.State;
import io.fermata.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Delegates that are no frames, and the frame that delegates to them. */
class ForeignDelegateTest {
  private final List<String> log = new ArrayList<>();

  // What becomes a foreign delegate

  @Test
  void aFrameIsNotForeign() {
    Scripted frame = body();

    assertSame(frame, ForeignDelegate.of(frame));
    assertSame(frame, ForeignDelegate.of((Iterable<Object>) () -> cast(frame)));
  }

  @Test
  void anIterableThatClosesIsForeignEvenWithAFrame() {
    assertInstanceOf(ForeignDelegate.class, ForeignDelegate.of(new Closing(body())));
  }

  @Test
  void anIteratorOfNullIsRefused() {
    assertThrows(
        NullPointerException.class, () -> ForeignDelegate.of((Iterable<Object>) () -> null));
  }

  // Stepping

  @Test
  void eachElementIsYielded() {
    Scripted root = body(delegating(List.of(1, 2)), echoing());

    assertEquals(1, root.next());
    assertEquals(2, root.next());
    assertNull(assertThrows(StopIteration.class, root::next).value());
  }

  @Test
  void anIteratorIsAskedOnlyWhenStepped() {
    Scripted root = body(delegating(new Logging()));

    root.next();

    assertEquals(List.of("hasNext", "next"), log);
  }

  @Test
  void aSentValueIsRefused() {
    Scripted root = body(delegating(List.of(1, 2)), catching("refused"));
    root.next();

    assertEquals("refused", root.send("sent"));

    assertInstanceOf(UnsupportedOperationException.class, root.resumes.get(1));
  }

  @Test
  void aStopIterationOfAnIteratorIsItsResult() {
    Iterator<Object> ending =
        new Logging() {
          @Override
          public Object next() {
            throw new StopIteration("r");
          }
        };
    Scripted root = body(delegating(ending), echoing());

    assertEquals("r", assertThrows(StopIteration.class, root::next).value());
  }

  @Test
  void aFailureReachesTheDelegator() {
    IllegalStateException failure = new IllegalStateException();
    Iterator<Object> failing =
        new Logging() {
          @Override
          public boolean hasNext() {
            throw failure;
          }
        };
    Scripted root = body(delegating(failing), catching("caught"));

    assertEquals("caught", root.next());

    assertSame(failure, root.resumes.get(1));
    assertNull(root.delegate());
  }

  @Test
  void aPrimitiveIteratorIsNotBoxed() {
    PrimitiveIterator.OfInt unboxable =
        new PrimitiveIterator.OfInt() {
          @Override
          public int nextInt() {
            return 42;
          }

          @Override
          public Integer next() {
            throw new AssertionError("boxed");
          }

          @Override
          public boolean hasNext() {
            return true;
          }
        };

    assertEquals(42, new Ints(unboxable).nextInt());
  }

  @Test
  void theIteratorIsShownAsTheDelegate() {
    Logging iterator = new Logging();
    Scripted root = body(delegating(iterator));
    root.next();

    assertSame(iterator, root.delegate());
  }

  // Generators of users

  @Test
  void aRaisedExceptionReachesAUsersGenerator() throws Exception {
    Users users = new Users();
    Scripted root = body(delegating(users));
    root.next();
    IOException raised = new IOException();

    assertEquals("caught", root.raise(raised));

    assertSame(raised, users.raised);
  }

  @Test
  void aUsersStopIterationAfterARaiseIsItsResult() throws Exception {
    Users users = new Users();
    users.onRaise = new StopIteration("r");
    Scripted root = body(delegating(users), echoing());
    root.next();

    assertEquals(
        "r", assertThrows(StopIteration.class, () -> root.raise(new IOException())).value());
  }

  @Test
  void aRaisedStopIterationThatComesBackIsAFailure() {
    Users users = new Users();
    StopIteration raised = new StopIteration("r");
    users.onRaise = raised;
    Scripted root = body(delegating(users), catching("caught"));
    root.next();

    assertEquals("caught", root.raise(raised));

    assertSame(raised, root.resumes.get(1));
  }

  // Closing

  @Test
  void closingTheRootClosesIteratorAndSource() {
    Scripted root = body(delegating(new Closing(new ClosingIterator())));
    root.next();

    root.close();

    assertEquals(List.of("iterator closed", "source closed"), log);
  }

  @Test
  void aRaiseClosesWhatCannotCatchIt() {
    IOException raised = new IOException();
    Scripted root = body(delegating(new Closing(new ClosingIterator())), catching("caught"));
    root.next();

    assertEquals("caught", cast(raise(root, raised)));

    assertSame(raised, root.resumes.get(1));
    assertEquals(List.of("iterator closed", "source closed"), log);
  }

  @Test
  void aFailureToCloseIsSuppressedInTheRaised() {
    IOException raised = new IOException();
    IllegalStateException failure = new IllegalStateException();
    Closing failing =
        new Closing(List.<Object>of(1).iterator()) {
          @Override
          public void close() {
            throw failure;
          }
        };
    Scripted root = body(delegating(failing));
    root.next();

    assertSame(raised, assertThrows(IOException.class, () -> root.raise(raised)));

    assertEquals(List.of(failure), List.of(raised.getSuppressed()));
  }

  @Test
  void anIterableIsNotClosedAtItsEnd() {
    Scripted root = body(delegating(new Closing(List.<Object>of().iterator())), yielding("after"));

    assertEquals("after", root.next());

    assertEquals(List.of(), log);
  }

  @Test
  void aStreamIsClosedAtItsEnd() {
    Stream<Integer> stream = Stream.of(1).onClose(() -> log.add("closed"));
    Scripted root = body(delegating(stream), yielding("after"));
    root.next();
    assertEquals(List.of(), log);

    assertEquals("after", root.next());

    assertEquals(List.of("closed"), log);
  }

  @Test
  void aStreamThatFailsIsClosed() {
    IllegalStateException failure = new IllegalStateException();
    IntStream stream =
        IntStream.of(1)
            .peek(
                value -> {
                  throw failure;
                })
            .onClose(() -> log.add("closed"));
    Scripted root = body(delegating(stream));

    assertSame(failure, assertThrows(IllegalStateException.class, root::next));

    assertEquals(List.of("closed"), log);
  }

  private static Object raise(Scripted root, IOException raised) {
    try {
      return root.raise(raised);
    } catch (IOException escaped) {
      throw new AssertionError(escaped);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(Object value) {
    return (T) value;
  }

  private class Logging implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      log.add("hasNext");
      return true;
    }

    @Override
    public Object next() {
      log.add("next");
      return "element";
    }
  }

  private final class ClosingIterator implements Iterator<Object>, AutoCloseable {
    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Object next() {
      return "element";
    }

    @Override
    public void close() {
      log.add("iterator closed");
    }
  }

  private class Closing implements Iterable<Object>, AutoCloseable {
    private final Iterator<Object> iterator;

    Closing(Iterator<Object> iterator) {
      this.iterator = iterator;
    }

    @Override
    public Iterator<Object> iterator() {
      return iterator;
    }

    @Override
    public void close() {
      log.add("source closed");
    }
  }

  /** A generator that a user has implemented. */
  private static final class Users implements BaseGenerator<Object> {
    Throwable raised;
    StopIteration onRaise;

    @Override
    public boolean advance() {
      return true;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Object next() {
      return "next";
    }

    @Override
    public <E extends Throwable> Object raise(E exception) {
      raised = exception;
      if (onRaise != null) {
        throw onRaise;
      }
      return "caught";
    }

    @Override
    public State state() {
      return State.SUSPENDED;
    }
  }

  /** A frame of ints that delegates to an iterator. */
  private static final class Ints extends IntFrame {
    private final Iterator<Integer> target;

    Ints(Iterator<Integer> target) {
      this.target = target;
    }

    @Override
    protected int resume(Object sent, Throwable exception) {
      value = target;
      state = 1;
      return DELEGATED;
    }

    @Override
    protected Inspection inspect() {
      return BodySite.unknown(getClass()).at(state);
    }

    @Override
    protected void ended() {}
  }
}
