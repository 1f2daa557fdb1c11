package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

class ClassFilesTest {
  private final ClassFiles files = new ClassFiles(Scene::read);

  @Test
  void theCommonSuperclassIsTheClosest() {
    assertEquals("demo/Host", files.commonSuperclass("demo/Host", "demo/Host"));
    assertEquals("demo/Base", files.commonSuperclass("demo/Host", "demo/Base"));
    assertEquals("demo/Base", files.commonSuperclass("demo/Base", "demo/Host"));
    assertEquals("far/Root", files.commonSuperclass("far/Root", "demo/Host"));
    assertEquals("java/lang/Object", files.commonSuperclass("demo/Foo", "demo/Host"));
  }

  @Test
  void interfacesHaveObjectInCommon() {
    assertEquals("java/lang/Object", files.commonSuperclass("demo/Iface", "demo/Host"));
    assertEquals("java/lang/Object", files.commonSuperclass("demo/Host", "demo/Iface"));
  }

  @Test
  void unknownClassesHaveObjectInCommon() {
    assertEquals("java/lang/Object", files.commonSuperclass("demo/Missing", "demo/Host"));
    assertEquals("java/lang/Object", files.commonSuperclass("demo/Host", "demo/Missing"));
  }

  @Test
  void interfacesAreTold() {
    assertTrue(files.isInterface("demo/Iface"));
    assertFalse(files.isInterface("demo/Host"));
    assertFalse(files.isInterface("demo/Missing"));
  }

  @Test
  void aClassIsReadOnce() {
    assertSame(files.find("demo/Host"), files.find("demo/Host"));
    assertNull(files.find("demo/Missing"));
  }

  @Test
  void aFileThatIsNoneIsNotThere() {
    assertNull(new ClassFiles(name -> new byte[9]).find("demo/Host"));
  }

  @Test
  void aNewerVersionIsReadAsTheNewestKnown() {
    byte[] file = Objects.requireNonNull(Scene.read("demo/Host"));
    file[5] = 1; // preview
    file[7] = (byte) (Opcodes.V25 + 1);
    byte[] read = Objects.requireNonNull(ClassFiles.bytes(name -> file, "demo/Host"));
    assertEquals(Opcodes.V25, read[7]);
    assertEquals(0, read[5]);
    assertNotNull(new ClassFiles(name -> file.clone()).find("demo/Host"));
  }

  @Test
  void aKnownVersionStays() {
    byte[] file = Objects.requireNonNull(Scene.read("demo/Host"));
    assertEquals(Opcodes.V17, Objects.requireNonNull(ClassFiles.bytes(n -> file, "x"))[7]);
  }

  @Test
  void onlyTheWantedMethodGetsItsCode() {
    var host = Objects.requireNonNull(files.find("demo/Host"));
    MethodNode outline = Objects.requireNonNull(SuspensionPoints.method(host, "visible", "(I)I"));
    assertEquals(0, outline.instructions.size());
    assertTrue(files.withCode(host, outline).instructions.size() > 0);
    assertEquals("visible", files.withCode(host, outline).name);
  }
}
