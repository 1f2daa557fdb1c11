package io.fermata.internal.top;

import static java.util.Comparator.comparingInt;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Shows the tasks of the event loops of another JVM, the busiest first, again each second: {@code
 * ./fermata top}. It attaches to the process, has its management agent listen on the loopback
 * interface, and asks the MBean of the loops, or all of them if the process has several copies of
 * the library.
 *
 * <pre>
 * Top PID (once|dump|SECONDS) ROWS PATIENCE
 * </pre>
 */
public final class Top {
  private static final String BEANS = "io.fermata:type=EventLoops,*";

  /** The exit code if the process has ended. */
  private static final int ENDED = 3;

  private static final String NONE = "no event loop runs\n";
  private static final String CLEAR = "\033[H\033[2J\033[3J";

  private final MBeanServerConnection server;
  private final ObjectName beans;
  private final PrintStream out = System.out;

  private Top(MBeanServerConnection server) throws JMException {
    this.server = server;
    this.beans = new ObjectName(BEANS);
  }

  /**
   * Runs it.
   *
   * @param args the process, what to do, how many tasks to show, and how many seconds the process
   *     has until a loop runs
   */
  public static void main(String[] args) {
    try {
      run(args[0], args[1], Integer.parseInt(args[2]), Long.parseLong(args[3]));
    } catch (Problem problem) {
      System.err.println("fermata: " + problem.getMessage());
      System.exit(1);
    }
  }

  /** Something to tell the user. */
  private static final class Problem extends Exception {
    private static final long serialVersionUID = 1;

    Problem(String message) {
      super(message);
    }
  }

  @SuppressWarnings("BanJNDI") // the address is that of an agent on this machine
  private static void run(String process, String what, int rows, long patience) throws Problem {
    String address = agentOf(process);
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
      Top top = new Top(connector.getMBeanServerConnection());
      top.awaitLoop(process, patience);
      switch (what) {
        case "dump" -> top.out.print(top.ask("dump"));
        case "once" -> top.once(rows);
        default -> top.refresh(Double.parseDouble(what), rows);
      }
    } catch (IOException gone) {
      System.exit(ENDED);
    } catch (JMException refused) {
      throw new Problem("process " + process + " refuses to tell about its loops: " + refused);
    }
  }

  private static String agentOf(String process) throws Problem {
    try {
      VirtualMachine jvm = VirtualMachine.attach(process);
      try {
        return jvm.startLocalManagementAgent();
      } finally {
        jvm.detach();
      }
    } catch (AttachNotSupportedException | IOException | IllegalArgumentException refused) {
      throw new Problem(
          "cannot attach to process "
              + process
              + ": "
              + refused.getMessage()
              + "; it has to be a running JVM of the same user (jps lists them)");
    }
  }

  /** The MBean appears a moment after the process has seen that somebody wants it. */
  private void awaitLoop(String process, long patience) throws IOException, JMException, Problem {
    for (long left = patience * 20; !hasLoop(); left--) {
      if (left == 0) {
        throw new Problem(
            "process "
                + process
                + " shows no event loop: none runs in it, or -Dfermata.jmx=off forbids it to tell");
      }
      pause(0.05);
    }
  }

  private boolean hasLoop() throws IOException, JMException {
    for (ObjectName bean : copies()) {
      try {
        if (((String[]) server.getAttribute(bean, "Loops")).length > 0) {
          return true;
        }
      } catch (InstanceNotFoundException ended) {
        // as if it had none
      }
    }
    return false;
  }

  private List<ObjectName> copies() throws IOException {
    return server.queryNames(beans, null).stream().sorted(comparingInt(Top::copy)).toList();
  }

  private static int copy(ObjectName bean) {
    String copy = bean.getKeyProperty("copy");
    return copy == null ? 1 : Integer.parseInt(copy);
  }

  private String ask(String operation, Object... given) throws IOException, JMException {
    String[] signature = given.length == 0 ? new String[0] : new String[] {"int"};
    StringBuilder answers = new StringBuilder();
    for (ObjectName bean : copies()) {
      answers.append(copy(bean) == 1 ? "" : "\nCopy " + copy(bean) + " of the library:\n");
      try {
        answers.append(server.invoke(bean, operation, given, signature));
      } catch (InstanceNotFoundException ended) {
        answers.append(NONE);
      }
    }
    return answers.length() == 0 ? NONE : answers.toString();
  }

  /** The first call has the loops begin to take times. */
  private void once(int rows) throws IOException, JMException {
    ask("top", rows);
    pause(1);
    out.print(ask("top", rows));
  }

  private void refresh(double seconds, int rows) throws IOException, JMException {
    ask("top", rows);
    while (!out.checkError()) {
      pause(seconds);
      out.print(CLEAR + ask("top", rows));
      out.flush();
    }
  }

  private static void pause(double seconds) {
    LockSupport.parkNanos((long) (seconds * 1e9));
  }
}
