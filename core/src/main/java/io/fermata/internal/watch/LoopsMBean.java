package io.fermata.internal.watch;

import io.fermata.internal.loop.Loop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanConstructorInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * The MBean {@value #NAME}: a view of the running loops and of the guests of this JVM. It is
 * registered once the JVM has an MBean server, because a tool has connected or code has asked for
 * the server of the platform. It is unregistered when there were no loops for a while, because the
 * server would keep the class loader of the library. Do not touch the class where the JVM
 * {@linkplain Platform has no MBeans}.
 *
 * <p>If another copy of the library, from another class loader, has the name already, {@code
 * copy=2} or the next free number is appended.
 */
final class LoopsMBean implements DynamicMBean {
  static final String NAME = "io.fermata:type=EventLoops";

  /**
   * The system property {@code fermata.jmx}: {@code true} makes a server, {@code off} registers
   * nothing.
   */
  private static final String WANTED = System.getProperty("fermata.jmx", "");

  private static final String LOOPS = "Loops";
  private static final String TASKS = "TaskCount";

  /** The registered name; null if none. Belongs to the watch thread, like all fields. */
  private static @Nullable ObjectName registered;

  /** Whether a registration has failed; it is not tried again. */
  private static boolean refused;

  /** Registers the MBean, unless it is registered or there is no server. */
  static void registerWhereWanted() {
    if (registered != null
        || refused
        || WANTED.equals("off")
        || (!WANTED.equals("true") && MBeanServerFactory.findMBeanServer(null).isEmpty())) {
      return;
    }
    try {
      // Only now: the platform's server takes longer to make than many programs run.
      registered = register(ManagementFactory.getPlatformMBeanServer());
    } catch (JMException | RuntimeException refusal) {
      refused = true;
      System.getLogger("io.fermata.async")
          .log(System.Logger.Level.WARNING, "the MBean " + NAME + " was refused", refusal);
    }
  }

  private static ObjectName register(MBeanServer server) throws JMException {
    for (int copy = 1; ; copy++) {
      ObjectName name = new ObjectName(copy == 1 ? NAME : NAME + ",copy=" + copy);
      try {
        server.registerMBean(new LoopsMBean(), name);
        return name;
      } catch (InstanceAlreadyExistsException another) {
        // try the next number
      }
    }
  }

  /** Unregisters the MBean, until a loop runs again. */
  static void unregister() {
    ObjectName name = registered;
    registered = null;
    if (name != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException | RuntimeException gone) {
        // it was unregistered already
      }
    }
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanParameterInfo number =
        new MBeanParameterInfo("number", "int", "the number of a loop, from Loops");
    MBeanParameterInfo rows = new MBeanParameterInfo("rows", "int", "the largest number of tasks");
    return new MBeanInfo(
        getClass().getName(),
        "The event loops of this JVM that run on the library of " + getClass().getClassLoader(),
        new MBeanAttributeInfo[] {
          new MBeanAttributeInfo(
              LOOPS, "[Ljava.lang.String;", "the loops, with their numbers", true, false, false),
          new MBeanAttributeInfo(TASKS, "int", "the number of their tasks", true, false, false)
        },
        new MBeanConstructorInfo[0],
        new MBeanOperationInfo[] {
          operation("dump", "all tasks of all loops, as trees of awaits"),
          operation("dump", "all tasks of one loop", number),
          operation("top", "the tasks that were busiest since the last call", rows)
        },
        new MBeanNotificationInfo[0]);
  }

  private static MBeanOperationInfo operation(
      String name, String description, MBeanParameterInfo... parameters) {
    return new MBeanOperationInfo(
        name, description, parameters, "java.lang.String", MBeanOperationInfo.INFO);
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    return switch (attribute) {
      case LOOPS -> WatchThread.watchdogs().stream().map(LoopsMBean::line).toArray(String[]::new);
      case TASKS ->
          WatchThread.watchdogs().stream()
              .mapToInt(watchdog -> watchdog.loop.taskList.size())
              .sum();
      default -> throw new AttributeNotFoundException(attribute);
    };
  }

  @Override
  public Object invoke(String action, Object @Nullable [] parameters, String @Nullable [] signature)
      throws ReflectionException {
    Object[] given = parameters == null ? new Object[0] : parameters;
    boolean hasNumber = given.length == 1 && given[0] instanceof Integer;
    if (action.equals("dump") && given.length == 0) {
      return dumpOfAll();
    }
    if (action.equals("dump") && hasNumber) {
      int number = (Integer) given[0];
      return WatchThread.watchdogs().stream()
          .filter(watchdog -> watchdog.loop.number == number)
          .findFirst()
          .map(LoopWatchdog::dump)
          .orElse(
              "no loop #" + number + " runs; the attribute " + LOOPS + " lists the running ones\n");
    }
    if (action.equals("top") && hasNumber) {
      int rows = Math.max((Integer) given[0], 1);
      return WatchThread.watchdogs().stream()
          .map(watchdog -> watchdog.top(rows))
          .collect(Collectors.collectingAndThen(Collectors.joining("\n"), LoopsMBean::orNone));
    }
    throw new ReflectionException(new NoSuchMethodException(action), "no such operation");
  }

  private static String line(LoopWatchdog watchdog) {
    Loop loop = watchdog.loop;
    Thread thread = loop.thread();
    return "#" + loop.number + " " + loop + (thread == null ? "" : " on " + thread);
  }

  private static String dumpOfAll() {
    LongText text = new LongText();
    try {
      for (LoopWatchdog watchdog : WatchThread.watchdogs()) {
        text.append(text.isEmpty() ? "" : "\n");
        watchdog.dump(text);
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return orNone(text.toString());
  }

  private static String orNone(String all) {
    return all.isEmpty() ? "no event loop runs\n" : all;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList list = new AttributeList();
    for (String each : attributes) {
      try {
        list.add(new Attribute(each, getAttribute(each)));
      } catch (AttributeNotFoundException leftOut) {
        // the interface wants a shorter list then
      }
    }
    return list;
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }
}
