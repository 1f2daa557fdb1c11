package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.ControlFlow;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Bytecode as text, read and written: the same on every JDK, as no compiler makes it.
 *
 * <pre>
 * L0: line 3
 *   ILOAD 0
 *   IFEQ L1
 *   INVOKEINTERFACE io/fermata/Yielder.yield (Ljava/lang/Object;)Ljava/lang/Object;
 *   LDC "text" | 5 | 5L | 1.5F | 1.5D | type Ldemo/Host; | handle 6 demo/Host.name ()V
 *   INVOKEDYNAMIC run (I)Ldemo/Lambda; by java/lang/invoke/LambdaMetafactory.metafactory
 *   TABLESWITCH 0 L1 L2 default L3       LOOKUPSWITCH 7 L1 9 L2 default L3
 * try L0 L1 L2 java/lang/Exception       a star for any
 * var name I L0 L1 2
 * </pre>
 */
final class Listing {
  private static final Map<String, Integer> OPCODES = new TreeMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();
  private static final Pattern CONSTANT =
      Pattern.compile("\"[^\"]*\"|type \\S+|handle \\d+ \\S+ \\S+|\\S+");

  static {
    for (Field field : Opcodes.class.getFields()) {
      if (field.getType() == int.class
          && !field.getName().matches("(ASM|ACC_|T_|H_|F_|SOURCE_).*|V[\\d_].*|V_.*")) {
        try {
          OPCODES.put(field.getName(), field.getInt(null));
          NAMES.put(field.getInt(null), field.getName());
        } catch (IllegalAccessException impossible) {
          throw new AssertionError(impossible);
        }
      }
    }
  }

  private final Map<String, LabelNode> labels = new HashMap<>();
  private final MethodNode method;

  private Listing(MethodNode method) {
    this.method = method;
  }

  /** Reads code into a method. */
  static MethodNode parse(int access, String name, String descriptor, List<String> lines) {
    MethodNode method = new MethodNode(access, name, descriptor, null, null);
    method.localVariables = new ArrayList<>();
    Listing listing = new Listing(method);
    lines.forEach(line -> listing.parse(line.strip()));
    int locals = (access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
    for (Type type : Type.getArgumentTypes(descriptor)) {
      locals += type.getSize();
    }
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof VarInsnNode access1) {
        int opcode = access1.getOpcode();
        boolean isWide =
            opcode == Opcodes.LLOAD
                || opcode == Opcodes.DLOAD
                || opcode == Opcodes.LSTORE
                || opcode == Opcodes.DSTORE;
        locals = Math.max(locals, access1.var + (isWide ? 2 : 1));
      }
    }
    method.maxLocals = locals;
    method.maxStack = 30;
    return method;
  }

  private LabelNode label(String name) {
    return labels.computeIfAbsent(name, any -> new LabelNode());
  }

  private void parse(String line) {
    Matcher marked = Pattern.compile("(\\w+):(.*)").matcher(line);
    if (marked.matches()) {
      method.instructions.add(label(marked.group(1)));
      parse(marked.group(2).strip());
      return;
    }
    if (line.isEmpty()) {
      return;
    }
    String[] words = line.split(" +", -1);
    switch (words[0]) {
      case "line" -> {
        if (!(method.instructions.getLast() instanceof LabelNode)) {
          method.instructions.add(new LabelNode());
        }
        method.instructions.add(
            new LineNumberNode(
                Integer.parseInt(words[1]), (LabelNode) method.instructions.getLast()));
      }
      case "try" ->
          method.tryCatchBlocks.add(
              new TryCatchBlockNode(
                  label(words[1]),
                  label(words[2]),
                  label(words[3]),
                  words[4].equals("*") ? null : words[4]));
      case "var" ->
          method.localVariables.add(
              new LocalVariableNode(
                  words[1],
                  words[2],
                  null,
                  label(words[3]),
                  label(words[4]),
                  Integer.parseInt(words[5])));
      default -> method.instructions.add(instruction(line, words));
    }
  }

  private AbstractInsnNode instruction(String line, String[] words) {
    Integer opcode = OPCODES.get(words[0]);
    if (opcode == null) {
      throw new IllegalArgumentException("no instruction: " + line);
    }
    return switch (opcode) {
      case Opcodes.ILOAD,
          Opcodes.LLOAD,
          Opcodes.FLOAD,
          Opcodes.DLOAD,
          Opcodes.ALOAD,
          Opcodes.ISTORE,
          Opcodes.LSTORE,
          Opcodes.FSTORE,
          Opcodes.DSTORE,
          Opcodes.ASTORE ->
          new VarInsnNode(opcode, Integer.parseInt(words[1]));
      case Opcodes.IINC -> new IincInsnNode(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case Opcodes.BIPUSH, Opcodes.SIPUSH, Opcodes.NEWARRAY ->
          new IntInsnNode(opcode, Integer.parseInt(words[1]));
      case Opcodes.LDC -> new LdcInsnNode(constant(line.substring(4).strip()));
      case Opcodes.GETFIELD, Opcodes.PUTFIELD, Opcodes.GETSTATIC, Opcodes.PUTSTATIC ->
          new FieldInsnNode(opcode, owner(words[1]), name(words[1]), words[2]);
      case Opcodes.INVOKEVIRTUAL,
          Opcodes.INVOKESPECIAL,
          Opcodes.INVOKESTATIC,
          Opcodes.INVOKEINTERFACE ->
          new MethodInsnNode(
              opcode, owner(words[1]), name(words[1]), words[2], opcode == Opcodes.INVOKEINTERFACE);
      case Opcodes.INVOKEDYNAMIC -> dynamic(line, words);
      case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST, Opcodes.INSTANCEOF ->
          new TypeInsnNode(opcode, words[1]);
      case Opcodes.MULTIANEWARRAY ->
          new MultiANewArrayInsnNode(words[1], Integer.parseInt(words[2]));
      case Opcodes.TABLESWITCH -> {
        int min = Integer.parseInt(words[1]);
        LabelNode[] targets =
            Arrays.stream(words, 2, words.length - 2).map(this::label).toArray(LabelNode[]::new);
        yield new TableSwitchInsnNode(
            min, min + targets.length - 1, label(words[words.length - 1]), targets);
      }
      case Opcodes.LOOKUPSWITCH -> {
        int count = (words.length - 3) / 2;
        int[] keys = new int[count];
        LabelNode[] targets = new LabelNode[count];
        for (int i = 0; i < count; i++) {
          keys[i] = Integer.parseInt(words[1 + 2 * i]);
          targets[i] = label(words[2 + 2 * i]);
        }
        yield new LookupSwitchInsnNode(label(words[words.length - 1]), keys, targets);
      }
      default ->
          words.length == 2 ? new JumpInsnNode(opcode, label(words[1])) : new InsnNode(opcode);
    };
  }

  private static InvokeDynamicInsnNode dynamic(String line, String[] words) {
    String rest = line.substring(line.indexOf(" by ") + 4).strip();
    String bootstrap = rest.split(" ", -1)[0];
    List<Object> arguments = new ArrayList<>();
    Matcher each = CONSTANT.matcher(rest.substring(bootstrap.length()));
    while (each.find()) {
      arguments.add(constant(each.group()));
    }
    Handle handle =
        bootstrap.equals(Abi.LINKAGE + ".member")
            ? Abi.MEMBER
            : new Handle(Opcodes.H_INVOKESTATIC, owner(bootstrap), name(bootstrap), "()V", false);
    return new InvokeDynamicInsnNode(words[1], words[2], handle, arguments.toArray());
  }

  private static Object constant(String text) {
    if (text.startsWith("\"")) {
      return text.substring(1, text.length() - 1);
    } else if (text.startsWith("type ")) {
      return Type.getType(text.substring(5));
    } else if (text.startsWith("handle ")) {
      String[] words = text.split(" ", -1);
      return new Handle(
          Integer.parseInt(words[1]), owner(words[2]), name(words[2]), words[3], false);
    } else if (text.endsWith("L")) {
      return Long.valueOf(text.substring(0, text.length() - 1));
    } else if (text.endsWith("F")) {
      return Float.valueOf(text);
    } else if (text.endsWith("D")) {
      return Double.valueOf(text);
    }
    return Integer.valueOf(text);
  }

  private static String owner(String member) {
    return member.substring(0, member.lastIndexOf('.'));
  }

  private static String name(String member) {
    return member.substring(member.lastIndexOf('.') + 1);
  }

  // Writing

  /** A method as text. */
  static String print(MethodNode method) {
    return print(method, index -> "");
  }

  /** A method as text, with something in front of each instruction. */
  static String print(MethodNode method, IntFunction<String> note) {
    Map<LabelNode, String> names = names(method);
    StringBuilder text = new StringBuilder();
    int index = 0;
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LabelNode label) {
        if (names.containsKey(label)) {
          text.append(names.get(label)).append(":\n");
        }
      } else if (at instanceof LineNumberNode line) {
        text.append("line ").append(line.line).append('\n');
      } else {
        text.append("  ").append(note.apply(index)).append(print(at, names)).append('\n');
      }
      index++;
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      text.append("try ")
          .append(names.get(block.start))
          .append(' ')
          .append(names.get(block.end))
          .append(' ')
          .append(names.get(block.handler))
          .append(' ')
          .append(block.type == null ? "*" : block.type)
          .append('\n');
    }
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        text.append("var ")
            .append(variable.name)
            .append(' ')
            .append(variable.desc)
            .append(' ')
            .append(names.get(variable.start))
            .append(' ')
            .append(names.get(variable.end))
            .append(' ')
            .append(variable.index)
            .append('\n');
      }
    }
    return text.toString();
  }

  /** The labels that something refers to, named in the order of the code. */
  private static Map<LabelNode, String> names(MethodNode method) {
    List<LabelNode> used = new ArrayList<>();
    for (AbstractInsnNode at : method.instructions) {
      used.addAll(ControlFlow.labels(at));
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      used.addAll(List.of(block.start, block.end, block.handler));
    }
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        used.addAll(List.of(variable.start, variable.end));
      }
    }
    Map<LabelNode, String> names = new HashMap<>();
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LabelNode label && used.contains(label)) {
        names.put(label, "L" + names.size());
      }
    }
    return names;
  }

  private static String print(AbstractInsnNode at, Map<LabelNode, String> names) {
    String name = NAMES.get(at.getOpcode());
    if (at instanceof VarInsnNode access) {
      return name + " " + access.var;
    } else if (at instanceof IincInsnNode increment) {
      return name + " " + increment.var + " " + increment.incr;
    } else if (at instanceof IntInsnNode constant) {
      return name + " " + constant.operand;
    } else if (at instanceof LdcInsnNode constant) {
      return name + " " + constantText(constant.cst);
    } else if (at instanceof FieldInsnNode field) {
      return name + " " + field.owner + "." + field.name + " " + field.desc;
    } else if (at instanceof MethodInsnNode call) {
      return name + " " + call.owner + "." + call.name + " " + call.desc;
    } else if (at instanceof InvokeDynamicInsnNode site) {
      StringBuilder text = new StringBuilder(name + " " + site.name + " " + site.desc + " by ");
      text.append(site.bsm.getOwner()).append('.').append(site.bsm.getName());
      for (Object argument : site.bsmArgs) {
        text.append(' ').append(constantText(argument));
      }
      return text.toString();
    } else if (at instanceof TypeInsnNode type) {
      return name + " " + type.desc;
    } else if (at instanceof MultiANewArrayInsnNode array) {
      return name + " " + array.desc + " " + array.dims;
    } else if (at instanceof JumpInsnNode jump) {
      return name + " " + names.get(jump.label);
    } else if (at instanceof TableSwitchInsnNode table) {
      StringBuilder text = new StringBuilder(name + " " + table.min);
      table.labels.forEach(label -> text.append(' ').append(names.get(label)));
      return text.append(" default ").append(names.get(table.dflt)).toString();
    } else if (at instanceof LookupSwitchInsnNode lookup) {
      StringBuilder text = new StringBuilder(name);
      for (int i = 0; i < lookup.keys.size(); i++) {
        text.append(' ').append(lookup.keys.get(i)).append(' ');
        text.append(names.get(lookup.labels.get(i)));
      }
      return text.append(" default ").append(names.get(lookup.dflt)).toString();
    }
    return name;
  }

  private static String constantText(Object constant) {
    if (constant instanceof String text) {
      return "\"" + text + "\"";
    } else if (constant instanceof Type type) {
      return "type " + type.getDescriptor();
    } else if (constant instanceof Handle handle) {
      return "handle "
          + handle.getTag()
          + " "
          + handle.getOwner()
          + "."
          + handle.getName()
          + " "
          + handle.getDesc();
    } else if (constant instanceof Long) {
      return constant + "L";
    } else if (constant instanceof Float) {
      return constant + "F";
    } else if (constant instanceof Double) {
      return constant + "D";
    }
    return String.valueOf(constant);
  }
}
