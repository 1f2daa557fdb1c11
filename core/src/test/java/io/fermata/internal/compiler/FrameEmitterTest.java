package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

class FrameEmitterTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("FrameEmitter", FrameEmitterTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    FrameDraft draft = scene.draft();
    draft.needsCo |= scene.words.contains("needsCo");
    String name = scene.words.contains("named") ? "walk" : "resume";
    MethodNode resume = FrameEmitter.bodyMethod(name);
    ClassNode type = new FrameEmitter(draft).emit(List.of(resume));
    StringBuilder text = new StringBuilder();
    text.append("class ").append(type.name).append(" extends ").append(type.superName);
    text.append(" of ").append(type.sourceFile).append('\n');
    for (FieldNode field : type.fields) {
      text.append("field ").append(field.access).append(' ').append(field.name).append(' ');
      text.append(field.desc).append('\n');
    }
    for (MethodNode method : type.methods) {
      text.append("method ").append(method.access).append(' ').append(method.name).append(' ');
      text.append(method.desc).append('\n').append(Listing.print(method));
    }
    return text.toString();
  }
}
