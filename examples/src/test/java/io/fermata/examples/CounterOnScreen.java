package io.fermata.examples;

import java.awt.Component;
import java.awt.Container;
import java.awt.Frame;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.event.InputEvent;
import java.awt.event.WindowEvent;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;

/**
 * Uses the window of the counter with mouse and eyes, in a JVM of its own: prints what its label
 * says, and leaves screenshots of the label in the directory that it is given.
 */
public final class CounterOnScreen {
  private static final long LIMIT_SECONDS = 60;

  private final Path directory;
  private final Robot robot;
  private final List<String> seen = new ArrayList<>();
  private JLabel label;
  private JButton start;
  private JButton stop;

  private CounterOnScreen(Path directory) throws Exception {
    this.directory = directory;
    robot = new Robot();
  }

  public static void main(String[] arguments) throws Exception {
    new CounterOnScreen(Path.of(arguments[0])).use(arguments[1]);
  }

  private void use(String program) throws Exception {
    Class.forName(program).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    SwingUtilities.invokeAndWait(() -> {}); // the window is shown
    Frame window = Frame.getFrames()[0];
    label = find(window, JLabel.class, each -> true);
    start = find(window, JButton.class, each -> each.getText().equals("Start"));
    stop = find(window, JButton.class, each -> each.getText().equals("Stop"));
    robot.waitForIdle();
    look("ready");

    CountDownLatch end = new CountDownLatch(1);
    watch("the sum is 15", end::countDown);
    click(start);
    await(end);
    look("finished");
    onSwing(() -> System.out.println(seen));

    CountDownLatch stopped = new CountDownLatch(1);
    stop.addPropertyChangeListener(
        "enabled",
        change -> {
          if (change.getNewValue().equals(false)) {
            stopped.countDown();
          }
        });
    watch("2", () -> stop.doClick(0));
    click(start);
    await(stopped);
    look("stopped");
    onSwing(() -> System.out.println(label.getText() + " " + start.isEnabled()));

    onSwing(() -> window.dispatchEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSING)));
  }

  /** Notes all texts from now on, and does something when one is there. */
  private void watch(String text, Runnable then) throws Exception {
    onSwing(
        () -> {
          seen.clear();
          label.addPropertyChangeListener(
              "text",
              change -> {
                seen.add((String) change.getNewValue());
                if (change.getNewValue().equals(text)) {
                  then.run();
                }
              });
        });
  }

  private static void await(CountDownLatch there) throws Exception {
    if (!there.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing has happened on the screen");
    }
  }

  private void click(JButton button) throws Exception {
    Point[] at = new Point[1];
    onSwing(
        () -> {
          at[0] = button.getLocationOnScreen();
          at[0].translate(button.getWidth() / 2, button.getHeight() / 2);
        });
    robot.mouseMove(at[0].x, at[0].y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
  }

  private void look(String name) throws Exception {
    robot.waitForIdle();
    Rectangle[] area = new Rectangle[1];
    onSwing(() -> area[0] = new Rectangle(label.getLocationOnScreen(), label.getSize()));
    ImageIO.write(
        robot.createScreenCapture(area[0]), "png", directory.resolve(name + ".png").toFile());
  }

  private static void onSwing(Runnable job) throws Exception {
    try {
      SwingUtilities.invokeAndWait(job);
    } catch (InvocationTargetException failure) {
      throw new AssertionError(failure.getCause());
    }
  }

  private static <T extends Component> T find(
      Container in, Class<T> type, Predicate<? super T> which) {
    for (Component each : in.getComponents()) {
      if (type.isInstance(each) && which.test(type.cast(each))) {
        return type.cast(each);
      }
      T inside = each instanceof Container deeper ? find(deeper, type, which) : null;
      if (inside != null) {
        return inside;
      }
    }
    return null;
  }
}
