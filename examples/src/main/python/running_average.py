"""A coroutine that answers every value with the average so far, and has a result at its end."""


def averager():
    total = 0.0
    count = 0
    value = yield
    while value is not None:
        total += value
        count += 1
        value = yield total / count
    return f"{count} values, sum {total}"


a = averager()
next(a)  # prime it: run to the first yield
for value in [10.0, 30.0, 5.0, 15.0]:
    print(f"sent {value}, average {a.send(value)}")

try:
    a.send(None)  # no more values
except StopIteration as end:
    print(end.value)
