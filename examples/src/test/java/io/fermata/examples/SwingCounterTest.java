package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window of the counter, on a display that nobody sees. */
class SwingCounterTest {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final Path JAR = Path.of("..", "core", "target", "fermata.jar");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void theWindowCountsAddsUpAndCanBeStopped(String engine) throws Exception {
    assumeTrue(
        Files.exists(JAVA_HOME.resolve("lib/libawt_xawt.so")),
        "this JDK cannot show windows: it is a headless one, or not for X11");
    assumeTrue(isOnPath("Xvfb"), "there is no Xvfb, the virtual display");
    assumeTrue(hasFonts(), "there are no fonts");

    Process display = startDisplay();
    try {
      List<String> printed = useWindow(engine, displayNumber(display)).lines().toList();

      assertEquals(List.of("[1, 2, 3, 4, 5, adding up, the sum is 15]", "2 true"), printed);
      assertLabel("ready", Color.WHITE);
      assertLabel("finished", Color.GREEN);
      assertLabel("stopped", Color.ORANGE);
    } finally {
      display.destroy();
      display.waitFor();
    }
  }

  /** It has that background, and dark letters in the middle and nowhere near the edge. */
  private void assertLabel(String name, Color background) throws IOException {
    BufferedImage image = ImageIO.read(directory.resolve(name + ".png").toFile());
    int width = image.getWidth();
    int height = image.getHeight();
    assertTrue(width >= 300 && height >= 100, width + " x " + height);
    for (int x = 0; x < width; x++) {
      assertEquals(background, new Color(image.getRGB(x, 3)), name + " at " + x);
      assertEquals(background, new Color(image.getRGB(x, height - 4)), name + " at " + x);
    }
    long dark =
        IntStream.range(0, width * height)
            .map(i -> image.getRGB(i % width, i / width))
            .filter(rgb -> new Color(rgb).getGreen() < 80)
            .count();
    assertTrue(dark > 50, name + " has " + dark + " dark pixels");
    assertTrue(dark < width * height / 5, name + " has " + dark + " dark pixels");
  }

  private String useWindow(String engine, String display) throws Exception {
    Path err = directory.resolve("err");
    Path out = directory.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(
            JAVA_HOME.resolve("bin/java").toString(),
            "-Dfermata.engine=" + engine,
            NetProgram.LATE_WARNINGS,
            "-Djava.awt.headless=false",
            "-cp",
            System.getProperty("java.class.path") + File.pathSeparator + JAR,
            CounterOnScreen.class.getName(),
            directory.toString(),
            "SwingCounter");
    builder.environment().put("DISPLAY", ":" + display);
    Process program = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!program.waitFor(3, TimeUnit.MINUTES)) {
      program.destroyForcibly().waitFor();
      fail("still running after three minutes: " + Files.readString(err));
    }
    assertEquals("", Files.readString(err));
    assertEquals(0, program.exitValue());
    return Files.readString(out);
  }

  // The display

  private Process startDisplay() throws IOException {
    return new ProcessBuilder(
            "Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp")
        .redirectError(directory.resolve("Xvfb").toFile())
        .start();
  }

  private String displayNumber(Process display) throws IOException {
    BufferedReader reader = display.inputReader(StandardCharsets.US_ASCII);
    String number = reader.readLine();
    if (number == null) {
      fail("Xvfb did not start: " + Files.readString(directory.resolve("Xvfb")));
    }
    return number;
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static boolean hasFonts() throws Exception {
    if (!isOnPath("fc-list")) {
      return false;
    }
    Process list = new ProcessBuilder("fc-list").redirectErrorStream(true).start();
    return list.inputReader().lines().count() > 0;
  }
}
