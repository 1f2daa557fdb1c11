import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.time.Duration;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingConstants;
import javax.swing.SwingUtilities;

/**
 * A window whose button handler is straight-line code with awaits: it counts, pauses, has another
 * thread compute, and may be stopped in the middle, all on Swing's own thread, which stays free for
 * events meanwhile.
 */
public class SwingCounter {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int LAST = 5;

  private final EventLoop loop =
      EventLoop.on(SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
  private final JLabel number = new JLabel("ready", SwingConstants.CENTER);
  private final JButton start = new JButton("Start");
  private final JButton stop = new JButton("Stop");
  private Task<Void> counting;

  public static void main(String[] args) {
    SwingUtilities.invokeLater(() -> new SwingCounter().show());
  }

  /** The handler of the button. */
  private Async<Void> count() {
    return Async.action(
        co -> {
          start.setEnabled(false);
          stop.setEnabled(true);
          paint(Color.WHITE);
          boolean finished = false;
          try {
            for (int i = 1; i <= LAST; i++) {
              number.setText("" + i);
              co.await(Async.sleep(TICK));
            }
            number.setText("adding up");
            int sum = co.await(Async.toThread(SwingCounter::slowSum));
            number.setText("the sum is " + sum);
            finished = true;
          } finally {
            paint(finished ? Color.GREEN : Color.ORANGE);
            start.setEnabled(true);
            stop.setEnabled(false);
          }
        });
  }

  private static int slowSum() throws InterruptedException {
    int sum = 0;
    for (int i = 1; i <= LAST; i++) {
      Thread.sleep(10);
      sum += i;
    }
    return sum;
  }

  private void paint(Color color) {
    number.setBackground(color);
  }

  private void show() {
    number.setOpaque(true);
    number.setBackground(Color.WHITE);
    number.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 24));
    number.setPreferredSize(new Dimension(300, 100));
    start.addActionListener(event -> counting = loop.start(count()));
    stop.addActionListener(event -> counting.cancel("the user has seen enough"));
    stop.setEnabled(false);

    JPanel buttons = new JPanel();
    buttons.add(start);
    buttons.add(stop);
    JFrame window = new JFrame("Counter");
    window.add(number, BorderLayout.CENTER);
    window.add(buttons, BorderLayout.SOUTH);
    window.setDefaultCloseOperation(JFrame.DISPOSE_ON_CLOSE);
    window.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosed(WindowEvent event) {
            loop.close();
          }
        });
    window.pack();
    window.setVisible(true);
  }
}
