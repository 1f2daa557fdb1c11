package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * The analysis of where lambdas go: for each local and stack slot, the sites that may have made its
 * value. It follows copies, casts and {@code requireNonNull}.
 *
 * <p>If a site is executed again, its older value is {@link Stale}: its parts are overwritten.
 */
final class ClosureFlow extends SourceInterpreter {
  /** The source of every value that does not matter. */
  static final AbstractInsnNode OTHER = new InsnNode(Opcodes.NOP);

  /** The source of some {@code co} that is a parameter. */
  static final AbstractInsnNode CO = new LabelNode();

  /** The source of a lambda whose site has been executed once more. */
  static final class Stale extends InsnNode {
    final InvokeDynamicInsnNode site;

    private Stale(InvokeDynamicInsnNode site) {
      super(Opcodes.NOP);
      this.site = site;
    }
  }

  private final Map<InvokeDynamicInsnNode, Stale> stale = new HashMap<>();

  private ClosureFlow() {
    super(Opcodes.ASM9);
  }

  /** Analyses a method; null for instructions that are never reached. */
  static @Nullable Frame<SourceValue>[] analyse(BodyMethod body) throws NotCompilable {
    MethodNode method = body.method();
    ClosureFlow flow = new ClosureFlow();
    Analyzer<SourceValue> analyzer =
        new Analyzer<>(flow) {
          @Override
          protected Frame<SourceValue> newFrame(int locals, int stack) {
            return flow.new AgeingFrame(locals, stack);
          }

          @Override
          protected Frame<SourceValue> newFrame(Frame<? extends SourceValue> frame) {
            return flow.new AgeingFrame(frame);
          }
        };
    try {
      return analyzer.analyze(body.owner().name, method);
    } catch (AnalyzerException | IndexOutOfBoundsException unexpected) {
      throw new NotCompilable(
          "its bytecode could not be analysed (" + unexpected.getMessage() + ")");
    }
  }

  /** A frame in which the older values of a site become stale when it is executed. */
  private final class AgeingFrame extends Frame<SourceValue> {
    AgeingFrame(int locals, int stack) {
      super(locals, stack);
    }

    AgeingFrame(Frame<? extends SourceValue> frame) {
      super(frame);
    }

    @Override
    public void execute(AbstractInsnNode instruction, Interpreter<SourceValue> interpreter)
        throws AnalyzerException {
      if (instruction instanceof InvokeDynamicInsnNode site) {
        for (int i = 0; i < getLocals(); i++) {
          setLocal(i, aged(getLocal(i), site));
        }
        for (int i = 0; i < getStackSize(); i++) {
          setStack(i, aged(getStack(i), site));
        }
      }
      super.execute(instruction, interpreter);
    }

    private SourceValue aged(SourceValue value, InvokeDynamicInsnNode site) {
      if (!value.insns.contains(site)) {
        return value;
      }
      Set<AbstractInsnNode> sources = new HashSet<>(value.insns);
      sources.remove(site);
      sources.add(stale.computeIfAbsent(site, Stale::new));
      return new SourceValue(value.size, sources);
    }
  }

  private static SourceValue other(SourceValue value) {
    return new SourceValue(value.size, OTHER);
  }

  @Override
  public @Nullable SourceValue newParameterValue(boolean instance, int local, Type type) {
    return new SourceValue(type.getSize(), Shape.isYielder(type) ? CO : OTHER);
  }

  @Override
  public SourceValue newOperation(AbstractInsnNode instruction) {
    return other(super.newOperation(instruction));
  }

  @Override
  public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
    return value;
  }

  @Override
  public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
    return instruction.getOpcode() == Opcodes.CHECKCAST
        ? value
        : other(super.unaryOperation(instruction, value));
  }

  @Override
  public SourceValue binaryOperation(
      AbstractInsnNode instruction, SourceValue first, SourceValue second) {
    return other(super.binaryOperation(instruction, first, second));
  }

  @Override
  public SourceValue ternaryOperation(
      AbstractInsnNode instruction, SourceValue first, SourceValue second, SourceValue third) {
    return other(super.ternaryOperation(instruction, first, second, third));
  }

  @Override
  public SourceValue naryOperation(
      AbstractInsnNode instruction, List<? extends SourceValue> values) {
    if (instruction instanceof MethodInsnNode call) {
      if (isNullCheck(call)) {
        return values.get(0);
      }
      return Ranges.isRange(call)
          ? super.naryOperation(instruction, values)
          : other(super.naryOperation(instruction, values));
    }
    return instruction instanceof InvokeDynamicInsnNode site && Closure.isLambda(site)
        ? super.naryOperation(instruction, values)
        : other(super.naryOperation(instruction, values));
  }

  /** Whether a call gives back its argument, if that is not null. */
  static boolean isNullCheck(MethodInsnNode call) {
    return call.owner.equals("java/util/Objects")
        && call.name.equals("requireNonNull")
        && (call.desc.equals("(Ljava/lang/Object;)Ljava/lang/Object;")
            || call.desc.equals("(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;"));
  }

  /** Whether a value comes from one source only. */
  static boolean isFrom(SourceValue value, AbstractInsnNode source) {
    return value.insns.size() == 1 && value.insns.contains(source);
  }
}
