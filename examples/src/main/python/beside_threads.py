"""Coroutines beside threads: the memory of many suspended ones, and the system calls of a switch.

Give the number of coroutines, if it is not to be 100000. Everything is measured in a process of its
own; system calls are counted by strace, less those of a run with a single round trip.
"""

import os
import subprocess
import sys
import tempfile
import threading

RUNS = 3


def counter():
    i = 0
    while True:
        yield i
        i += 1


# What is measured


def hold_coroutines(number):
    before = resident()
    held = []
    for _ in range(number):
        coroutine = counter()
        next(coroutine)
        held.append(coroutine)
    print(resident() - before)


def hold_threads(number):
    end = threading.Event()
    before = resident()
    for _ in range(number):
        threading.Thread(target=end.wait).start()
    print(resident() - before)
    end.set()


def switch_coroutines(round_trips):
    coroutine = counter()
    for _ in range(round_trips):
        next(coroutine)


def switch_threads(round_trips):
    there = threading.Semaphore(0)
    back = threading.Semaphore(0)

    def answer():
        while True:
            there.acquire()
            back.release()

    threading.Thread(target=answer, daemon=True).start()
    for _ in range(round_trips):
        there.release()
        back.acquire()


def resident():
    """Bytes of memory that the process has; NaN where the system does not tell."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return 1024 * int(line.split()[1])
    except FileNotFoundError:
        pass
    return float("nan")


# The tables


def compare(number):
    fewer = max(1, number // 50)
    round_trips = max(2, number // 20)
    print("Python", sys.version.split()[0])

    print()
    print(f"suspended         number   bytes each  MB for {number:,}")
    print_memory("coroutines", "hold_coroutines", number, number)
    print_memory("threads", "hold_threads", fewer, number)

    print()
    print("switched     round trips  system calls for each")
    print_calls("coroutine", "switch_coroutines", round_trips)
    print_calls("two threads", "switch_threads", round_trips)


def print_memory(name, mode, held, number):
    each = float(run(command(mode, held))) / held
    note = "" if held == number else " (scaled)"
    print(f"{name:16} {held:7,} {each:12,.0f} {each * number / 1e6:11,.0f}{note}")


def print_calls(name, mode, round_trips):
    try:
        calls = []
        for _ in range(RUNS):
            one = system_calls(mode, 1)
            calls.append((system_calls(mode, round_trips) - one) / (round_trips - 1))
        print(f"{name:16} {round_trips:7,}  {min(calls):.2f} to {max(calls):.2f}")
    except (OSError, subprocess.CalledProcessError) as e:
        print(f"{name:16} {round_trips:7,}  not counted: {e}")


def system_calls(mode, round_trips):
    handle, summary = tempfile.mkstemp()
    os.close(handle)
    try:
        run(["strace", "-f", "-c", "-o", summary] + command(mode, round_trips))
        calls = 0
        with open(summary) as lines:
            for line in lines:
                columns = line.split()  # % time, seconds, usecs/call, calls, ...
                if columns[0][0].isdigit() and columns[-1] != "total":
                    calls += int(columns[3])
        return calls
    finally:
        os.remove(summary)


def command(mode, number):
    return [sys.executable, __file__, mode, str(number)]


def run(arguments):
    return subprocess.run(arguments, check=True, stdout=subprocess.PIPE).stdout


if len(sys.argv) > 2:
    globals()[sys.argv[1]](int(sys.argv[2]))
else:
    compare(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
