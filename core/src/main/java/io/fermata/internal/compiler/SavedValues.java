package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.bytecode.Abi.FRAME;

import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The emitter of the code between the locals of {@code resume} and the fields of its frame: a save
 * before the method returns, a restore where it goes on.
 */
final class SavedValues {
  private final String name;
  private final Assembler out;

  /** The types of the exceptions that the body catches, as variables have them. */
  private final Set<Type> caught;

  /**
   * Writes for one method.
   *
   * @param draft the class that is written
   * @param out its code
   */
  SavedValues(FrameDraft draft, Assembler out) {
    this.name = draft.name;
    this.caught = draft.caught();
    this.out = out;
  }

  /**
   * Saves what the plan of a suspension point says.
   *
   * <pre>{@code
   * f5 = pop;                              // operands below those of the call, the topmost first
   * f1 = i;                                // locals that have changed since they were saved
   * f2 = e;  this.hold(e);                 // one that may be an exception that was caught
   * f3 = null;                             // references that died since
   * }</pre>
   */
  void suspend(FieldLayout.Plan plan) {
    save(plan, true);
    for (FieldLayout.Field dead : plan.dead()) {
      out.loadThis().op(Opcodes.ACONST_NULL);
      put(dead);
    }
  }

  /** Saves what another segment goes on with. The body is not suspended, so nothing is held. */
  void cross(FieldLayout.Plan plan) {
    save(plan, false);
  }

  private void save(FieldLayout.Plan plan, boolean holds) {
    for (int depth = plan.stack().size() - 1; depth >= 0; depth--) {
      FieldLayout.Field field = plan.stack().get(depth);
      if (field == null) {
        out.op(Opcodes.POP);
      } else {
        out.putUnder(name, field.name(), field.type());
      }
    }
    for (Map.Entry<Integer, FieldLayout.Field> local : plan.locals().entrySet()) {
      int slot = local.getKey();
      FieldLayout.Field field = local.getValue();
      if (field == FieldLayout.NULL || plan.unchanged().get(slot)) {
        continue;
      }
      out.loadThis().load(slot + ResumeEmitter.SHIFT, field.type());
      put(field);
      if (holds && caught.contains(field.type())) {
        // if it is an exception, the runtime notes whose lines its trace has already
        out.loadThis().load(slot + ResumeEmitter.SHIFT, field.type());
        out.invokeVirtual(FRAME, "hold", "(Ljava/lang/Object;)V");
      }
    }
  }

  /** Restores the locals of a plan, and puts back its operands. */
  void restore(FieldLayout.Plan plan) {
    restore(plan.locals(), plan.restored());
    for (FieldLayout.Field field : plan.stack()) {
      if (field == null) {
        out.op(Opcodes.ACONST_NULL);
      } else {
        get(field);
      }
    }
  }

  /** Restores locals from their fields, those of some slots. */
  void restore(Map<Integer, FieldLayout.Field> locals, BitSet slots) {
    for (Map.Entry<Integer, FieldLayout.Field> local : locals.entrySet()) {
      if (!slots.get(local.getKey())) {
        continue;
      }
      FieldLayout.Field field = local.getValue();
      if (field == FieldLayout.NULL) {
        out.op(Opcodes.ACONST_NULL);
      } else {
        get(field);
      }
      out.store(local.getKey() + ResumeEmitter.SHIFT, field.type());
    }
  }

  private void get(FieldLayout.Field field) {
    out.loadThis().getField(name, field.name(), field.type().getDescriptor());
  }

  private void put(FieldLayout.Field field) {
    out.putField(name, field.name(), field.type().getDescriptor());
  }
}
