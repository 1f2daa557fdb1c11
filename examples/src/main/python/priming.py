"""Priming: a new coroutine stands at no yield, so nothing in it could take a value."""

import functools
import inspect


def greet():
    print("waiting for names")
    while True:
        name = yield
        print("hello", name)


def primed(body):
    @functools.wraps(body)
    def start(*args):
        coroutine = body(*args)
        next(coroutine)
        return coroutine

    return start


def state(coroutine):
    return inspect.getgeneratorstate(coroutine)[len("GEN_"):]


greeter = greet()
print("new:", state(greeter))

try:
    greeter.send("Ada")
except TypeError:
    print("not primed: the value is refused, and nothing runs")
print("still:", state(greeter))

next(greeter)  # prime it: run to the first yield
print("primed:", state(greeter))
greeter.send("Ada")

greeter = primed(greet)()
print("made primed:", state(greeter))
greeter.send("Grace")
