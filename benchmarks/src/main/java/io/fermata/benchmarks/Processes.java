package io.fermata.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The same loop in other languages, run as processes, where they are installed. */
final class Processes {
  private static final String PYTHON =
      """
      import time
      def r(n):
          for i in range(n): yield i
      def e():
          x = 0
          while True: x = yield x
      best = send = 1e9
      for _ in range(7):
          t = time.perf_counter()
          for _ in r(1000000): pass
          best = min(best, time.perf_counter() - t)
          g = e(); next(g); s = g.send
          t = time.perf_counter()
          for i in range(1000000): s(i)
          send = min(send, time.perf_counter() - t)
      print(best * 1000, send * 1000)
      """;

  private static final String ASYNCIO =
      """
      import asyncio, time
      N = 20000
      async def switch(n):
          for _ in range(n): await asyncio.sleep(0)
      async def two():
          a = asyncio.create_task(switch(N // 2)); b = asyncio.create_task(switch(N // 2))
          await a; await b
      async def nothing(): pass
      async def spawn():
          for _ in range(N): await asyncio.create_task(nothing())
      async def answer(a, b):
          for _ in range(N): await b.put(await a.get())
      async def queues():
          a = asyncio.Queue(1); b = asyncio.Queue(1)
          t = asyncio.create_task(answer(a, b))
          for _ in range(N):
              await a.put(1)
              await b.get()
          await t
      def best(f):
          least = 1e9
          for _ in range(7):
              t = time.perf_counter()
              asyncio.run(f())
              least = min(least, time.perf_counter() - t)
          return least / N * 1e9
      print(best(two), best(spawn), best(queues))
      """;

  private static final String NODE =
      """
      function* r(n) { for (let i = 0; i < n; i++) yield i; }
      let best = 1e9;
      for (let k = 0; k < 20; k++) {
        const t = process.hrtime.bigint();
        let s = 0;
        for (const i of r(1000000)) s += i;
        best = Math.min(best, Number(process.hrtime.bigint() - t) / 1e6);
      }
      console.log(best);
      """;

  private static final String LUA =
      """
      local best = 1e9
      for k = 1, 7 do
        local c = coroutine.wrap(function() for i = 1, 1000000 do coroutine.yield(i) end end)
        local t = os.clock()
        for i = 1, 1000000 do c() end
        best = math.min(best, os.clock() - t)
      end
      print(best * 1000)
      """;

  private Processes() {}

  /** Nanoseconds per step, the best of several runs, by language. */
  static Map<String, Double> measure() {
    Map<String, Double> found = new TreeMap<>();
    String[] python = run("python3", "-c", PYTHON);
    if (python.length == 2) {
      found.put("Python generator, for", Double.valueOf(python[0]));
      found.put("Python generator, send", Double.valueOf(python[1]));
    }
    String[] asyncio = run("python3", "-c", ASYNCIO);
    if (asyncio.length == 3) {
      found.put("asyncio, switch", Double.valueOf(asyncio[0]));
      found.put("asyncio, start and join", Double.valueOf(asyncio[1]));
      found.put("asyncio, queue round trip", Double.valueOf(asyncio[2]));
    }
    String[] node = run("node", "-e", NODE);
    if (node.length == 1) {
      found.put("JavaScript function*, Node", Double.valueOf(node[0]));
    }
    for (String lua : new String[] {"lua5.4", "luajit"}) {
      String[] steps = run(lua, "-e", LUA);
      if (steps.length == 1) {
        found.put("Lua coroutine, " + lua, Double.valueOf(steps[0]));
      }
    }
    return found;
  }

  /** How the million sleeping tasks fared in a heap of 512 MB, in a JVM of their own. */
  static String sleepers() {
    String[] found =
        run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            Sleepers.class.getName());
    return found.length == 4
        ? found[0]
            + " ended, "
            + found[1]
            + " slept at the same time, in a heap of "
            + found[2]
            + " MB, in "
            + found[3]
            + " ms, of which each slept 5000"
        : "failed";
  }

  /** The words that a command prints; none if it is not installed or fails. */
  private static String[] run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.trim().split("\\s+") : new String[0];
    } catch (IOException notInstalled) {
      return new String[0];
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new String[0];
    }
  }
}
