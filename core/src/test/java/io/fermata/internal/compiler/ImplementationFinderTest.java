package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class ImplementationFinderTest {
  private static final String CO = "(Lio/fermata/Yielder;)V";
  private static final int ABSTRACT = Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT;

  private final Map<String, byte[]> classes = new HashMap<>();
  private final ImplementationFinder finder =
      new ImplementationFinder(new ClassFiles(classes::get), "go", CO);

  @BeforeEach
  void defineObject() {
    type("java/lang/Object", null, Opcodes.ACC_PUBLIC, List.of(), -1);
  }

  /** A class; it has the method if the access of that is not negative. */
  private void type(String name, String superclass, int access, List<String> interfaces, int go) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, access, name, null, superclass, interfaces.toArray(new String[0]));
    if (go >= 0) {
      writer.visitMethod(go, "go", CO, null, null).visitEnd();
    }
    classes.put(name, writer.toByteArray());
  }

  private void type(String name, String superclass, int go, String... interfaces) {
    type(name, superclass, Opcodes.ACC_PUBLIC, List.of(interfaces), go);
  }

  private void anInterface(String name, int go, String... interfaces) {
    int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT;
    type(name, "java/lang/Object", access, List.of(interfaces), go);
  }

  private void assertSelects(String expected, String owner, String receiver) throws Exception {
    assertEquals(expected, finder.select(owner, receiver));
  }

  @Test
  void theClosestClassHasTheMethod() throws Exception {
    anInterface("a/I", ABSTRACT);
    type("a/Base", "java/lang/Object", Opcodes.ACC_PUBLIC, "a/I");
    type("a/Middle", "a/Base", -1);
    type("a/Derived", "a/Middle", Opcodes.ACC_PUBLIC);
    assertSelects("a/Base", "a/I", "a/Middle");
    assertSelects("a/Derived", "a/I", "a/Derived");
    assertSelects("a/Derived", "a/Base", "a/Derived");
  }

  @Test
  void aClassComesBeforeAnInterface() throws Exception {
    anInterface("a/I", Opcodes.ACC_PUBLIC);
    type("a/Base", "java/lang/Object", Opcodes.ACC_PUBLIC);
    type("a/Derived", "a/Base", -1, "a/I");
    type("a/Plain", "java/lang/Object", -1, "a/I");
    assertSelects("a/Base", "a/I", "a/Derived");
    assertSelects("a/I", "a/I", "a/Plain");
  }

  @Test
  void theMostSpecificInterfaceComesFirst() throws Exception {
    anInterface("a/I", Opcodes.ACC_PUBLIC);
    anInterface("a/J", Opcodes.ACC_PUBLIC, "a/I");
    type("a/Base", "java/lang/Object", -1, "a/J");
    type("a/Derived", "a/Base", -1, "a/I");
    assertSelects("a/J", "a/I", "a/Derived");
  }

  @Test
  void severalMethodsOrNoneAreRefused() {
    anInterface("a/I", Opcodes.ACC_PUBLIC);
    anInterface("a/J", Opcodes.ACC_PUBLIC);
    anInterface("a/K", ABSTRACT, "a/I");
    type("a/Both", "java/lang/Object", -1, "a/I", "a/J");
    type("a/Made", "java/lang/Object", -1, "a/K");
    assertThrows(NotCompilable.class, () -> finder.select("a/I", "a/Both"));
    assertThrows(NotCompilable.class, () -> finder.select("a/I", "a/Made"));
  }

  @Test
  void aMethodOfAnotherPackageDoesNotOverride() throws Exception {
    type("a/Base", "java/lang/Object", 0);
    type("b/Derived", "a/Base", Opcodes.ACC_PUBLIC);
    type("a/Same", "a/Base", 0);
    assertSelects("a/Base", "a/Base", "b/Derived");
    assertSelects("a/Same", "a/Base", "a/Same");
  }

  @Test
  void aClassBetweenMayMakeItVisible() throws Exception {
    type("a/Base", "java/lang/Object", 0);
    type("a/Shown", "a/Base", Opcodes.ACC_PUBLIC);
    type("b/Derived", "a/Shown", Opcodes.ACC_PUBLIC);
    assertSelects("b/Derived", "a/Base", "b/Derived");
  }

  @Test
  void privateAndStaticMethodsAreNotSelected() throws Exception {
    type("a/Base", "java/lang/Object", Opcodes.ACC_PUBLIC);
    type("a/Hidden", "a/Base", Opcodes.ACC_PRIVATE);
    type("a/Static", "a/Base", Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC);
    assertSelects("a/Base", "a/Base", "a/Hidden");
    assertSelects("a/Base", "a/Base", "a/Static");
  }

  @Test
  void aClassThatCannotBeReadIsRefused() {
    type("a/Derived", "a/Gone", -1);
    NotCompilable refused =
        assertThrows(NotCompilable.class, () -> finder.select("a/Derived", "a/Derived"));
    assertEquals("the bytecode of a.Gone cannot be read", refused.getMessage());
  }

  @Test
  void aHelperGetsItsCoWhereTheCallHasIt() throws Exception {
    type("a/Base", "java/lang/Object", Opcodes.ACC_PUBLIC);
    BodyMethod helper = finder.helper("a/Base", 0, Shape.GENERATOR);
    assertEquals(1, helper.coSlot());
    assertTrue(helper.helper());
    assertThrows(NotCompilable.class, () -> finder.helper("a/Base", 0, Shape.INT));
  }

  @Test
  void onlyWhatCanBeOverriddenIsNotExact() throws Exception {
    type("a/Base", "java/lang/Object", Opcodes.ACC_PUBLIC);
    type("a/Private", "java/lang/Object", Opcodes.ACC_PRIVATE);
    assertFalse(finder.isExact("a/Base"));
    assertTrue(finder.isExact("a/Private"));
  }
}
