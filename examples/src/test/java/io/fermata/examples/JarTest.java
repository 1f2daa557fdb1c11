package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar that is published: self-contained, one module, nothing left over from ASM. */
class JarTest {
  private static final Path JAR = Path.of("..", "core", "target", "fermata.jar");

  @Test
  void theJarIsAModuleThatNeedsNothingAtRunTime() {
    ModuleDescriptor module = ModuleFinder.of(JAR).find("io.fermata").orElseThrow().descriptor();

    assertEquals(
        List.of("java.base"),
        module.requires().stream()
            .filter(each -> !each.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name)
            .collect(Collectors.toList()));
  }

  @Test
  void everyClassIsOfThisProject() throws IOException {
    List<String> entries = entries();

    assertTrue(entries.contains("io/fermata/internal/asm/ClassReader.class"));
    assertEquals(
        List.of("module-info.class"),
        entries.stream()
            .filter(name -> name.endsWith(".class") && !name.startsWith("io/fermata/"))
            .collect(Collectors.toList()));
  }

  @Test
  void theLicencesAreInIt() throws IOException {
    assertTrue(entries().containsAll(List.of("META-INF/LICENSE", "META-INF/LICENSE-asm.txt")));
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(ZipEntry::getName).collect(Collectors.toList());
    }
  }
}
