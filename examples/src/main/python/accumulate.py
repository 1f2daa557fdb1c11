"""A coroutine that delegates to others, one after the other, and collects their results."""


def gather_tallies(tallies):
    while True:
        tally = yield from accumulate()
        tallies.append(tally)


def accumulate():
    tally = 0
    value = yield
    while value is not None:
        tally += value
        value = yield
    return tally


tallies = []
gatherer = gather_tallies(tallies)
next(gatherer)  # prime it: run to the first yield

for i in range(4):
    gatherer.send(i)
gatherer.send(None)  # ends the first tally
for i in range(5):
    gatherer.send(i)
gatherer.send(None)  # ends the second one

print(tallies)
