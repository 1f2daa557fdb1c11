import io.fermata.Coroutine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * An operating system in the small: tasks are coroutines, a system call is a value that a task
 * yields, and the kernel sends back the answer. Subroutines make system calls too, by yieldFrom.
 */
public class SmallOS {
  public static void main(String[] args) {
    Kernel kernel = new Kernel();
    kernel.start(init());
    kernel.run();
    System.out.println("no tasks left");
  }

  // The programs

  static Coroutine<Integer, SystemCall, Void> init() {
    return Coroutine.sink(
        co -> {
          int tid = co.yield(getTid());
          System.out.println("init is task " + tid);

          int counter = co.yield(newTask(counter(3)));
          int endless = co.yield(newTask(counter(1000)));
          System.out.println("init has started " + counter + " and " + endless);

          co.yield(waitTask(counter));
          System.out.println("init has waited for " + counter);
          co.yield(killTask(endless));
          System.out.println("init has killed " + endless);
          if (co.yield(waitTask(endless)) == 0) {
            System.out.println("no task " + endless + " to wait for");
          }
        });
  }

  static Coroutine<Integer, SystemCall, Void> counter(int times) {
    return Coroutine.sink(
        co -> {
          String name = co.yieldFrom(name());
          try {
            for (int i = 1; i <= times; i++) {
              System.out.println(name + " counts " + i);
              co.yield(); // no call, just let others run
            }
          } finally {
            System.out.println(name + " cleans up");
          }
        });
  }

  /** A subroutine: it makes a system call and returns something to the task that called it. */
  static Coroutine<Integer, SystemCall, String> name() {
    return Coroutine.of(
        co -> {
          int tid = co.yield(getTid());
          return "task " + tid;
        });
  }

  // The system calls

  interface SystemCall {
    void handle(Kernel kernel, Task caller);
  }

  static SystemCall getTid() {
    return (kernel, caller) -> kernel.resume(caller, caller.tid);
  }

  static SystemCall newTask(Coroutine<Integer, SystemCall, Void> body) {
    return (kernel, caller) -> kernel.resume(caller, kernel.start(body));
  }

  static SystemCall killTask(int tid) {
    return (kernel, caller) -> kernel.resume(caller, kernel.kill(tid) ? 1 : 0);
  }

  static SystemCall waitTask(int tid) {
    return (kernel, caller) -> {
      Task awaited = kernel.tasks.get(tid);
      if (awaited == null) {
        kernel.resume(caller, 0);
      } else {
        awaited.waiting.add(caller);
      }
    };
  }

  // The kernel

  static class Task {
    final int tid;
    final Coroutine<Integer, SystemCall, Void> body;
    final List<Task> waiting = new ArrayList<>();
    Integer answer; // of the last system call

    Task(int tid, Coroutine<Integer, SystemCall, Void> body) {
      this.tid = tid;
      this.body = body;
    }
  }

  static class Kernel {
    final Map<Integer, Task> tasks = new HashMap<>();
    private final Queue<Task> ready = new ArrayDeque<>();
    private int lastTid;

    void run() {
      while (!ready.isEmpty()) {
        Task task = ready.remove();
        if (!task.body.advance(task.answer)) {
          exit(task);
        } else if (task.body.current() == null) {
          resume(task, null);
        } else {
          task.body.current().handle(this, task);
        }
      }
    }

    int start(Coroutine<Integer, SystemCall, Void> body) {
      Task task = new Task(++lastTid, body);
      tasks.put(task.tid, task);
      resume(task, null);
      return task.tid;
    }

    void resume(Task task, Integer answer) {
      task.answer = answer;
      ready.add(task);
    }

    boolean kill(int tid) {
      Task task = tasks.get(tid);
      if (task == null) return false;
      ready.remove(task);
      task.body.close();
      exit(task);
      return true;
    }

    void exit(Task task) {
      System.out.println("task " + task.tid + " has ended");
      tasks.remove(task.tid);
      for (Task each : task.waiting) resume(each, 1);
    }
  }
}
