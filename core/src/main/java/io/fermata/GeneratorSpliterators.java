package io.fermata;

import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The spliterators of generators: of unknown size, ordered, one step per element. One thread at a
 * time pulls a batch for a parallel stream.
 */
final class GeneratorSpliterators {
  private GeneratorSpliterators() {}

  static final class OfObject<Y extends @Nullable Object>
      extends Spliterators.AbstractSpliterator<Y> {
    private final Generator<Y> generator;

    OfObject(Generator<Y> generator) {
      super(Long.MAX_VALUE, ORDERED);
      this.generator = generator;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Y> action) {
      if (!generator.hasNext()) {
        return false;
      }
      action.accept(generator.next());
      return true;
    }
  }

  static final class OfInt extends Spliterators.AbstractIntSpliterator {
    private final IntGenerator generator;

    OfInt(IntGenerator generator) {
      super(Long.MAX_VALUE, ORDERED);
      this.generator = generator;
    }

    @Override
    public boolean tryAdvance(IntConsumer action) {
      if (!generator.advance()) {
        return false;
      }
      action.accept(generator.current());
      return true;
    }
  }

  static final class OfLong extends Spliterators.AbstractLongSpliterator {
    private final LongGenerator generator;

    OfLong(LongGenerator generator) {
      super(Long.MAX_VALUE, ORDERED);
      this.generator = generator;
    }

    @Override
    public boolean tryAdvance(LongConsumer action) {
      if (!generator.advance()) {
        return false;
      }
      action.accept(generator.current());
      return true;
    }
  }

  static final class OfDouble extends Spliterators.AbstractDoubleSpliterator {
    private final DoubleGenerator generator;

    OfDouble(DoubleGenerator generator) {
      super(Long.MAX_VALUE, ORDERED);
      this.generator = generator;
    }

    @Override
    public boolean tryAdvance(DoubleConsumer action) {
      if (!generator.advance()) {
        return false;
      }
      action.accept(generator.current());
      return true;
    }
  }
}
