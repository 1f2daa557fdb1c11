package io.fermata.internal.loop;

import io.fermata.AlreadyRunningException;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.NotPrimedException;
import io.fermata.async.StopAsyncIteration;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.door.Brief;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of an asynchronous generator: a frame that drives the generator's frame to its next
 * yield. It awaits each awaitable of that frame itself. Subclasses turn a yield and the end into a
 * result.
 *
 * <pre>
 * go(0):  refused if another step is under way; nothing runs if the generator is new or at its end
 *         and the step cannot begin there, unless it has something to close
 * then:   frame.step(...)  waits    -&gt; await that, and go on with its result
 *                          yielded  -&gt; the step's result; an Interruption is thrown
 *                          returned -&gt; the end
 *                          threw    -&gt; thrown
 * </pre>
 */
abstract class GeneratorStep<T extends @Nullable Object> extends LibraryFrame<T> {
  final SteppedGenerator<?, ?> generator;

  /** What the yield gives, where the body stands. */
  private final @Nullable Object sending;

  /** What the yield throws instead; null if nothing. */
  private final @Nullable Throwable raising;

  /** The task that takes the step, and the scope in which it does. */
  private @Nullable LoopTask<?> task;

  private @Nullable Scope scope;

  GeneratorStep(
      SteppedGenerator<?, ?> generator, @Nullable Object sending, @Nullable Throwable raising) {
    this.generator = generator;
    this.sending = sending;
    this.raising = raising;
  }

  @Override
  protected @Nullable Object core() {
    return generator;
  }

  /** The name of the method that gave it. */
  abstract String call();

  /** A new step of the same kind, which sends nothing. */
  abstract GeneratorStep<T> again();

  /** The step as a case of a select; null if it cannot be left without effect. */
  final @Nullable Selectable selectable() {
    return sending == null && raising == null && generator.frame instanceof SelectableSource source
        ? new SelectedStep(this, source)
        : null;
  }

  /** What a yield gives. */
  abstract @Nullable Object yielded(@Nullable Object value);

  /** What the end gives. */
  abstract @Nullable Object atEnd();

  /** The result, or failure, of an exception that no body is there to catch. */
  @Nullable Object notRaised(Throwable exception) throws Throwable {
    throw exception;
  }

  /** The result, or failure, of an exception that the body has thrown. */
  @Nullable Object threw(Throwable thrown) throws Throwable {
    throw thrown;
  }

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (place != 0) {
      return proceed(sent, raised);
    }
    Throwable raise = raising;
    switch (generator.state()) {
      case RUNNING -> throw busy();
      case CLOSED -> {
        generator.dropCurrent();
        return done(raising == null ? atEnd() : notRaised(raising));
      }
      case CREATED -> {
        if (raising != null && generator.frame instanceof SourceOwner owner) {
          owner.beginWith(raising);
          raise = null;
        } else if (raising != null) {
          generator.frame.discard();
          return done(notRaised(raising));
        }
        if (sending != null) {
          throw notPrimed(sending);
        }
      }
      case SUSPENDED -> {}
    }
    // The first step binds the generator to the loop of the task that takes it.
    LoopTask<?> taking = LoopTask.entering("a step of an async generator");
    task = taking;
    scope = taking.scope;
    generator.begin(taking.loop);
    return proceed(sending, raise);
  }

  private int proceed(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    AsyncGeneratorFrame<?> frame = generator.frame;
    int outcome;
    try {
      outcome = frame.step(sent, raised);
      // A yield inside a scope would leave the scope open in this task, while the next step may be
      // taken by another one (PEP 789). The body gets an exception at the yield instead.
      while (outcome == AsyncGeneratorFrame.YIELDED && task != null && task.scope != scope) {
        frame.taken();
        outcome = frame.step(null, yieldInScope());
      }
    } catch (Throwable thrown) {
      generator.end();
      return done(threw(thrown instanceof StopAsyncIteration ? escaped(thrown) : thrown));
    }
    if (outcome == AsyncGeneratorFrame.WAITS) {
      return awaiting(Objects.requireNonNull(frame.taken()), 1);
    }
    generator.end();
    if (outcome != AsyncGeneratorFrame.YIELDED) {
      return done(atEnd());
    }
    Object taken = frame.taken();
    if (taken instanceof Interruption interruption) {
      throw interruption.why();
    }
    return done(yielded(taken));
  }

  AlreadyRunningException busy() {
    return new AlreadyRunningException(
        "async generator already running: a step by "
            + call()
            + " came while another step of "
            + generator
            + " is under way; an async generator takes one step at a time: await the other first");
  }

  private NotPrimedException notPrimed(Object value) {
    return new NotPrimedException(
        call()
            + " came before the async coroutine was primed: "
            + generator
            + " waits at no yield yet that could take the value "
            + Brief.of(value)
            + "; await anext() once first");
  }

  private IllegalStateException yieldInScope() {
    return new IllegalStateException(
        "cannot yield inside of a task group, a timeout or uncancellable(): "
            + generator
            + " would be left while that is open, and its next step may be taken by another task"
            + " (PEP 789); yield after it, or open it around the loop over the generator");
  }

  private IllegalStateException escaped(Throwable stop) {
    return new IllegalStateException(
        "async generator raised StopAsyncIteration: it escaped from the body of "
            + generator
            + ", where it would silently end an enclosing loop (PEP 525); return from the body to end"
            + " it, and use advance() instead of anext() inside",
        stop);
  }

  @Override
  public final List<Inspection> inside() {
    return generator.frame.suspended();
  }

  @Override
  protected final String description() {
    return call() + " of the async generator at " + generator.frame.place();
  }

  /** {@code advance}. */
  static final class Advance extends GeneratorStep<Boolean> {
    Advance(SteppedGenerator<?, ?> generator, @Nullable Object sending) {
      super(generator, sending, null);
    }

    @Override
    String call() {
      return "advance()";
    }

    @Override
    Advance again() {
      return new Advance(generator, null);
    }

    @Override
    Object yielded(@Nullable Object value) {
      generator.keep(value);
      return true;
    }

    @Override
    Object atEnd() {
      return false;
    }
  }

  /** {@code anext}, {@code asend} and {@code athrow}. */
  static final class Next<Y extends @Nullable Object> extends GeneratorStep<Y> {
    private final String call;

    Next(SteppedGenerator<?, ?> generator, @Nullable Object sending, @Nullable Throwable raising) {
      super(generator, sending, raising);
      call = raising != null ? "athrow()" : sending != null ? "asend()" : "anext()";
    }

    @Override
    String call() {
      return call;
    }

    @Override
    Next<Y> again() {
      return new Next<>(generator, null, null);
    }

    @Override
    @Nullable Object yielded(@Nullable Object value) {
      return value;
    }

    @Override
    Object atEnd() {
      throw new StopAsyncIteration(generator);
    }
  }

  /** {@code anext} with a default. */
  static final class NextOr<Y extends @Nullable Object> extends GeneratorStep<Y> {
    private final Y atEnd;

    NextOr(SteppedGenerator<?, ?> generator, Y atEnd) {
      super(generator, null, null);
      this.atEnd = atEnd;
    }

    @Override
    String call() {
      return "anext()";
    }

    @Override
    NextOr<Y> again() {
      return new NextOr<>(generator, atEnd);
    }

    @Override
    @Nullable Object yielded(@Nullable Object value) {
      return value;
    }

    @Override
    @Nullable Object atEnd() {
      return atEnd;
    }
  }

  /** {@code aclose}. */
  static final class Close extends GeneratorStep<Void> {
    Close(SteppedGenerator<?, ?> generator) {
      super(generator, null, new GeneratorExit());
    }

    @Override
    String call() {
      return "aclose()";
    }

    @Override
    Close again() {
      return new Close(generator);
    }

    @Override
    Object yielded(@Nullable Object value) {
      throw new IgnoredExitException(
          "async generator ignored GeneratorExit: "
              + generator
              + " yielded while it was being closed; a body that catches GeneratorExit, or has a"
              + " finally block, has to end without yielding; it is suspended at that yield, and can"
              + " be closed again");
    }

    @Override
    @Nullable Object atEnd() {
      return null;
    }

    @Override
    @Nullable Object notRaised(Throwable exception) {
      return null;
    }

    @Override
    @Nullable Object threw(Throwable thrown) throws Throwable {
      if (thrown instanceof GeneratorExit) {
        return null;
      }
      throw thrown;
    }
  }
}
