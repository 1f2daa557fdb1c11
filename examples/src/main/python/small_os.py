"""An operating system in the small.

Tasks are coroutines, a system call is a value that a task yields, and the kernel sends back the
answer. Subroutines make system calls too, by yield from.
"""

from collections import deque

# The programs


def init():
    tid = yield get_tid()
    print("init is task", tid)

    counting = yield new_task(counter(3))
    endless = yield new_task(counter(1000))
    print("init has started", counting, "and", endless)

    yield wait_task(counting)
    print("init has waited for", counting)
    yield kill_task(endless)
    print("init has killed", endless)
    found = yield wait_task(endless)
    if not found:
        print("no task", endless, "to wait for")


def counter(times):
    my_name = yield from name()
    try:
        for i in range(1, times + 1):
            print(my_name, "counts", i)
            yield  # no call, just let others run
    finally:
        print(my_name, "cleans up")


def name():
    """A subroutine: it makes a system call and returns something to the task that called it."""
    tid = yield get_tid()
    return f"task {tid}"


# The system calls


def get_tid():
    return lambda kernel, caller: kernel.resume(caller, caller.tid)


def new_task(body):
    return lambda kernel, caller: kernel.resume(caller, kernel.start(body))


def kill_task(tid):
    return lambda kernel, caller: kernel.resume(caller, kernel.kill(tid))


def wait_task(tid):
    def handle(kernel, caller):
        awaited = kernel.tasks.get(tid)
        if awaited is None:
            kernel.resume(caller, False)
        else:
            awaited.waiting.append(caller)

    return handle


# The kernel


class Task:
    def __init__(self, tid, body):
        self.tid = tid
        self.body = body
        self.waiting = []
        self.answer = None  # of the last system call


class Kernel:
    def __init__(self):
        self.tasks = {}
        self.ready = deque()
        self.last_tid = 0

    def run(self):
        while self.ready:
            task = self.ready.popleft()
            try:
                call = task.body.send(task.answer)
            except StopIteration:
                self.exit(task)
                continue
            if call is None:
                self.resume(task, None)
            else:
                call(self, task)

    def start(self, body):
        self.last_tid += 1
        task = Task(self.last_tid, body)
        self.tasks[task.tid] = task
        self.resume(task, None)
        return task.tid

    def resume(self, task, answer):
        task.answer = answer
        self.ready.append(task)

    def kill(self, tid):
        task = self.tasks.get(tid)
        if task is None:
            return False
        if task in self.ready:
            self.ready.remove(task)
        task.body.close()
        self.exit(task)
        return True

    def exit(self, task):
        print("task", task.tid, "has ended")
        del self.tasks[task.tid]
        for each in task.waiting:
            self.resume(each, True)


kernel = Kernel()
kernel.start(init())
kernel.run()
print("no tasks left")
