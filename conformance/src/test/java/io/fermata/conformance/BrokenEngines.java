package io.fermata.conformance;

import io.fermata.GeneratorExit;
import io.fermata.StopIteration;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.Fronts;
import io.fermata.internal.engine.ThreadEngine;
import io.fermata.runtime.CoroutineFrame;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.Resumable;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Engines with one mistake each. */
final class BrokenEngines {
  private BrokenEngines() {}

  static List<Engine> all() {
    MixUp mixUp = new MixUp();
    AtomicBoolean creating = new AtomicBoolean();
    List<Resumable> abandoned = new ArrayList<>();
    return List.of(
        broken("loses the first send", LosesTheFirstSend::new),
        broken("skips finally on close", run -> new SkipsFinallyOnClose(run, abandoned)),
        broken("wraps exceptions", WrapsExceptions::new),
        broken("swallows GeneratorExit", SwallowsGeneratorExit::new),
        broken("mixes up two generators", run -> new MixesUp(run, mixUp)),
        broken("retains the last value", RetainsTheLastValue::new),
        broken(
            "runs the body at creation",
            (kind, run) ->
                kind == BodyKind.GENERATOR ? new RunsTheBodyAtCreation(run, creating) : run),
        broken("loses the result of a delegation", LosesResults::new),
        broken("does not raise", DoesNotRaise::new),
        broken("takes a yielded null for the end", TakesNullForTheEnd::new),
        broken("sends the last value again", SendsTheLastValueAgain::new),
        new TellsTheResultTwice());
  }

  private static Engine broken(String name, UnaryOperator<Resumable> mistake) {
    return broken(name, (kind, run) -> mistake.apply(run));
  }

  private static Engine broken(String name, BiFunction<BodyKind, Resumable, Resumable> mistake) {
    return new Engine() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Frame<?> newFrame(
          BodyKind kind, Object body, MethodHandles.Lookup lookup, String reason) {
        return Fronts.of(
            kind.shape(), mistake.apply(kind, new ThreadEngine().run(kind, body, lookup, reason)));
      }
    };
  }

  /** A sound run, for those that follow to spoil. */
  private static class Sound implements Resumable {
    final Resumable run;

    Sound(Resumable run) {
      this.run = run;
    }

    @Override
    public void ready() {
      run.ready();
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      return run.resume(sent, raised);
    }

    @Override
    public Object take() {
      return run.take();
    }

    @Override
    public void end() {
      run.end();
    }

    @Override
    public Inspection inspect() {
      return run.inspect();
    }
  }

  private static final class LosesTheFirstSend extends Sound {
    private boolean lost;

    LosesTheFirstSend(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      if (sent == null || lost) {
        return super.resume(sent, raised);
      }
      lost = true;
      return super.resume(null, raised);
    }
  }

  private static final class SkipsFinallyOnClose extends Sound {
    private final List<Resumable> abandoned;
    private boolean skipped;

    /**
     * With a list that holds the runs.
     *
     * @param abandoned keeps them from being collected, for then their finally blocks run
     */
    SkipsFinallyOnClose(Resumable run, List<Resumable> abandoned) {
      super(run);
      this.abandoned = abandoned;
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      if (raised instanceof GeneratorExit) {
        skipped = true;
        abandoned.add(run);
        throw raised;
      }
      return super.resume(sent, raised);
    }

    @Override
    public void end() {
      if (!skipped) {
        super.end();
      }
    }
  }

  private static final class WrapsExceptions extends Sound {
    WrapsExceptions(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      try {
        return super.resume(sent, raised);
      } catch (GeneratorExit e) {
        throw e;
      } catch (Throwable e) {
        throw new RuntimeException(e);
      }
    }
  }

  private static final class SwallowsGeneratorExit extends Sound {
    private boolean swallowed;

    SwallowsGeneratorExit(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      try {
        return super.resume(sent, raised);
      } catch (GeneratorExit e) {
        swallowed = true;
        return RETURNED;
      }
    }

    @Override
    public Object take() {
      return swallowed ? null : super.take();
    }
  }

  private static final class MixUp {
    Resumable owner;
    Object value;
  }

  /** Where two take turns, each gives the other's value. */
  private static final class MixesUp extends Sound {
    private final MixUp last;
    private int outcome;

    MixesUp(Resumable run, MixUp last) {
      super(run);
      this.last = last;
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      outcome = super.resume(sent, raised);
      return outcome;
    }

    @Override
    public Object take() {
      Object taken = super.take();
      if (outcome != YIELDED) {
        return taken;
      }
      Object given = last.owner == null || last.owner == this ? taken : last.value;
      last.owner = this;
      last.value = taken;
      return given;
    }

    @Override
    public void end() {
      last.owner = last.owner == this ? null : last.owner;
      super.end();
    }
  }

  private static final class RetainsTheLastValue extends Sound {
    /** Written and never read. */
    Object taken;

    RetainsTheLastValue(Resumable run) {
      super(run);
    }

    @Override
    public Object take() {
      taken = super.take();
      return taken;
    }
  }

  private static final class RunsTheBodyAtCreation extends Sound {
    private boolean ahead;
    private int outcome;
    private Throwable failure;

    /**
     * With a flag.
     *
     * @param creating set meanwhile, for bodies that create bodies would never come to an end
     */
    RunsTheBodyAtCreation(Resumable run, AtomicBoolean creating) {
      super(run);
      if (!creating.compareAndSet(false, true)) {
        return;
      }
      ahead = true;
      run.ready();
      try {
        outcome = run.resume(null, null);
      } catch (Throwable e) {
        failure = e;
      } finally {
        creating.set(false);
      }
    }

    @Override
    public void ready() {
      if (!ahead) {
        super.ready();
      }
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      if (!ahead) {
        return super.resume(sent, raised);
      }
      ahead = false;
      if (failure != null) {
        throw failure;
      }
      return outcome;
    }
  }

  private static final class LosesResults extends Sound {
    private boolean delegating;

    LosesResults(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      int outcome = super.resume(delegating ? null : sent, raised);
      delegating = outcome == DELEGATED;
      return outcome;
    }
  }

  private static final class DoesNotRaise extends Sound {
    DoesNotRaise(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      return super.resume(sent, raised instanceof GeneratorExit ? raised : null);
    }
  }

  private static final class TakesNullForTheEnd extends Sound {
    private Object next;

    TakesNullForTheEnd(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      int outcome = super.resume(sent, raised);
      next = super.take();
      return outcome == YIELDED && next == null ? RETURNED : outcome;
    }

    @Override
    public Object take() {
      Object taken = next;
      next = null;
      return taken;
    }
  }

  private static final class SendsTheLastValueAgain extends Sound {
    private Object last;

    SendsTheLastValueAgain(Resumable run) {
      super(run);
    }

    @Override
    public int resume(Object sent, Throwable raised) throws Throwable {
      last = sent == null ? last : sent;
      int outcome = super.resume(last, raised);
      last = outcome == YIELDED ? last : null;
      return outcome;
    }
  }

  /** This mistake is not in a run, but in what callers see. */
  private static final class TellsTheResultTwice implements Engine {
    @Override
    public String name() {
      return "tells the result twice";
    }

    @Override
    public Frame<?> newFrame(
        BodyKind kind, Object body, MethodHandles.Lookup lookup, String reason) {
      Resumable run = new ThreadEngine().run(kind, body, lookup, reason);
      return kind == BodyKind.COROUTINE ? new Repeating(run) : Fronts.of(kind.shape(), run);
    }

    private static final class Repeating extends CoroutineFrame<Object, Object, Object> {
      private final Resumable run;
      private Object told;

      Repeating(Resumable run) {
        this.run = run;
      }

      @Override
      protected Resumable run() {
        return run;
      }

      @Override
      public Object next() {
        return send(null);
      }

      @Override
      public Object send(Object value) {
        try {
          return super.send(value);
        } catch (StopIteration end) {
          told = end.value() == null ? told : end.value();
          throw new StopIteration(told);
        }
      }
    }
  }
}
