package io.fermata.async;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
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
 * The MBean {@value #NAME}: the loops of this JVM that run, seen from outside. It appears when the
 * JVM has an MBean server: when a tool has connected, or somebody has asked for the platform's. Not
 * to be touched where the JVM {@linkplain Platform has none}.
 */
final class Diagnostics implements DynamicMBean {
  static final String NAME = "io.fermata:type=EventLoops";

  /** The system property {@code fermata.jmx}: {@code true} makes a server, {@code off} has none. */
  private static final String WANTED = System.getProperty("fermata.jmx", "");

  private static final String LOOPS = "Loops";
  private static final String TASKS = "TaskCount";

  private static boolean registered;

  /** Registers it if that was not done, and there is a server. On the thread that watches. */
  static void registerWhereWanted() {
    if (registered
        || WANTED.equals("off")
        || (!WANTED.equals("true") && MBeanServerFactory.findMBeanServer(null).isEmpty())) {
      return;
    }
    registered = true;
    try {
      MBeanServer server = java.lang.management.ManagementFactory.getPlatformMBeanServer();
      server.registerMBean(new Diagnostics(), new ObjectName(NAME));
    } catch (JMException refused) {
      System.getLogger("io.fermata.async")
          .log(System.Logger.Level.WARNING, "the MBean " + NAME + " was refused", refused);
    }
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanParameterInfo number =
        new MBeanParameterInfo("number", "int", "the number of a loop, from Loops");
    MBeanParameterInfo rows = new MBeanParameterInfo("rows", "int", "how many tasks at most");
    return new MBeanInfo(
        getClass().getName(),
        "The event loops of this JVM that run",
        new MBeanAttributeInfo[] {
          new MBeanAttributeInfo(
              LOOPS, "[Ljava.lang.String;", "the loops, with their numbers", true, false, false),
          new MBeanAttributeInfo(TASKS, "int", "how many tasks they have", true, false, false)
        },
        new MBeanConstructorInfo[0],
        new MBeanOperationInfo[] {
          operation("dump", "all tasks of all loops, and who awaits whom"),
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
      case LOOPS ->
          Watch.running().stream()
              .map(loop -> "#" + loop.number + " " + loop + " on " + loop.thread())
              .toArray(String[]::new);
      case TASKS -> Watch.running().stream().mapToInt(loop -> loop.taskList.size()).sum();
      default -> throw new AttributeNotFoundException(attribute);
    };
  }

  @Override
  public Object invoke(String action, Object @Nullable [] parameters, String @Nullable [] signature)
      throws ReflectionException {
    Object[] given = parameters == null ? new Object[0] : parameters;
    boolean hasNumber = given.length == 1 && given[0] instanceof Integer;
    if (action.equals("dump") && given.length == 0) {
      return ofAll(EventLoop::dump);
    }
    if (action.equals("dump") && hasNumber) {
      int number = (Integer) given[0];
      return Watch.running().stream()
          .filter(loop -> loop.number == number)
          .findFirst()
          .map(EventLoop::dump)
          .orElse("no loop #" + number + " runs; the attribute " + LOOPS + " tells which do\n");
    }
    if (action.equals("top") && hasNumber) {
      int rows = Math.max((Integer) given[0], 1);
      return ofAll(loop -> loop.watch.top(rows));
    }
    throw new ReflectionException(new NoSuchMethodException(action), "no such operation");
  }

  private static String ofAll(Function<EventLoop, String> part) {
    List<String> parts = new ArrayList<>();
    Watch.running().forEach(loop -> parts.add(part.apply(loop)));
    return parts.isEmpty() ? "no event loop runs\n" : String.join("\n", parts);
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
        // as the interface says
      }
    }
    return list;
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }
}
