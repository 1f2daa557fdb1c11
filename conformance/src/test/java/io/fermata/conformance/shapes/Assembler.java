package io.fermata.conformance.shapes;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a class with a body, {@code Object run(Yielder co)}, instruction by instruction: for what
 * javac never makes. It is of a version that needs no stack maps.
 */
final class Assembler {
  static final int ACONST_NULL = 1;
  static final int ICONST_0 = 3;
  static final int ALOAD_1 = 43;
  static final int ALOAD_2 = 44;
  static final int ASTORE_2 = 77;
  static final int POP = 87;
  static final int DUP = 89;
  static final int DUP_X1 = 90;
  static final int DUP_X2 = 91;
  static final int DUP2 = 92;
  static final int DUP2_X1 = 93;
  static final int SWAP = 95;
  static final int IADD = 96;
  static final int LADD = 97;
  static final int LSUB = 101;
  static final int I2L = 133;
  static final int IF_ICMPLT = 161;
  static final int IFNE = 154;
  static final int GOTO = 167;
  static final int JSR = 168;
  static final int ARETURN = 176;
  static final int INVOKEVIRTUAL = 182;
  static final int INVOKESPECIAL = 183;
  static final int INVOKESTATIC = 184;
  static final int NEW = 187;
  static final int CHECKCAST = 192;

  private static final int OLD = 49;
  private static final String BODY = "io/fermata/CoroutineBody";
  private static final String YIELDER = "io/fermata/Yielder";

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final ByteArrayOutputStream poolBytes = new ByteArrayOutputStream();
  private final DataOutputStream pool = new DataOutputStream(poolBytes);
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Jump> jumps = new ArrayList<>();

  private record Jump(int at, String label) {}

  private interface Entry {
    void write(DataOutputStream out) throws IOException;
  }

  private int entry(String key, Entry entry) {
    Integer known = numbers.get(key);
    if (known == null) {
      try {
        entry.write(pool);
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
      known = numbers.size() + 1;
      numbers.put(key, known);
    }
    return known;
  }

  private int text(String text) {
    return entry(
        "text " + text,
        out -> {
          out.writeByte(1);
          out.writeUTF(text);
        });
  }

  private int reference(int tag, int first, int second) {
    return entry(
        tag + " " + first + " " + second,
        out -> {
          out.writeByte(tag);
          out.writeShort(first);
          if (second > 0) {
            out.writeShort(second);
          }
        });
  }

  private int type(String name) {
    return reference(7, text(name), 0);
  }

  private int member(int tag, String owner, String name, String descriptor) {
    return reference(tag, type(owner), reference(12, text(name), text(descriptor)));
  }

  private void two(int value) {
    code.write(value >> 8);
    code.write(value);
  }

  /** Instructions, with their operands. */
  Assembler op(int... bytes) {
    for (int each : bytes) {
      code.write(each);
    }
    return this;
  }

  Assembler text(int opcode, String text) {
    return op(opcode, reference(8, text(text), 0));
  }

  Assembler type(int opcode, String name) {
    code.write(opcode);
    two(type(name));
    return this;
  }

  Assembler call(int opcode, String owner, String name, String descriptor) {
    int method = member(10, owner, name, descriptor);
    code.write(opcode);
    two(method);
    return this;
  }

  /** {@code co.yield(shown)}, whose value is left on the stack. */
  Assembler yield(String shown) {
    op(ALOAD_1).text(18, shown);
    int method = member(11, YIELDER, "yield", "(Ljava/lang/Object;)Ljava/lang/Object;");
    code.write(185);
    two(method);
    return op(2, 0);
  }

  /** {@code (int) co.yield(shown)}. */
  Assembler yieldInt(String shown) {
    return this.yield(shown)
        .type(CHECKCAST, "java/lang/Integer")
        .call(INVOKEVIRTUAL, "java/lang/Integer", "intValue", "()I");
  }

  Assembler jump(int opcode, String label) {
    jumps.add(new Jump(code.size(), label));
    code.write(opcode);
    two(0);
    return this;
  }

  Assembler label(String label) {
    labels.put(label, code.size());
    return this;
  }

  /** The class file of that name. */
  byte[] file(String name) {
    byte[] instructions = code.toByteArray();
    for (Jump jump : jumps) {
      int distance = labels.get(jump.label) - jump.at;
      instructions[jump.at + 1] = (byte) (distance >> 8);
      instructions[jump.at + 2] = (byte) distance;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      int self = type(name);
      int object = type("java/lang/Object");
      int body = type(BODY);
      int run = text("run");
      int runType = text("(L" + YIELDER + ";)Ljava/lang/Object;");
      int init = text("<init>");
      int initType = text("()V");
      int codeName = text("Code");
      int initObject = member(10, "java/lang/Object", "<init>", "()V");
      out.writeInt(0xCAFEBABE);
      out.writeInt(OLD);
      out.writeShort(numbers.size() + 1);
      out.write(poolBytes.toByteArray());
      out.writeShort(0x21); // public
      out.writeShort(self);
      out.writeShort(object);
      out.writeShort(1);
      out.writeShort(body);
      out.writeShort(0);
      out.writeShort(2);
      byte[] construct = {
        42, (byte) INVOKESPECIAL, (byte) (initObject >> 8), (byte) initObject, -79
      };
      method(out, init, initType, codeName, construct);
      method(out, run, runType, codeName, instructions);
      out.writeShort(0);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  private static void method(DataOutputStream out, int name, int type, int attribute, byte[] code)
      throws IOException {
    out.writeShort(1);
    out.writeShort(name);
    out.writeShort(type);
    out.writeShort(1);
    out.writeShort(attribute);
    out.writeInt(code.length + 12);
    out.writeShort(20);
    out.writeShort(10);
    out.writeInt(code.length);
    out.write(code);
    out.writeShort(0);
    out.writeShort(0);
  }
}
