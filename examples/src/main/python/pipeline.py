"""tail -f log | grep ERROR, with several readers at its end.

Lines are pushed through coroutines; when the file has no more of them, tail yields, and the
program writes some.
"""

import functools
import os
import tempfile
from contextlib import closing

BATCHES = [
    "INFO started\nERROR disk full\n",
    "INFO retrying\n",
    "ERROR disk full\nINFO giving up\nERROR stopped\n",
]


def primed(body):
    @functools.wraps(body)
    def start(*args):
        coroutine = body(*args)
        next(coroutine)
        return coroutine

    return start


def tail(path, target):
    """Sends on each line of a growing file; yields where there is none yet."""
    with closing(target), open(path) as lines:
        while True:
            line = lines.readline()
            if not line:
                yield
            else:
                target.send(line.rstrip("\n"))


@primed
def grep(word, target):
    with closing(target):
        while True:
            line = yield
            if word in line:
                target.send(line)


@primed
def broadcast(*targets):
    try:
        while True:
            line = yield
            for target in targets:
                target.send(line)
    finally:
        for target in targets:
            target.close()


@primed
def printer():
    while True:
        print((yield))


@primed
def counter():
    count = 0
    try:
        while True:
            yield
            count += 1
    finally:
        print("lines:", count)


@primed
def last():
    line = "none"
    try:
        while True:
            line = yield
    finally:
        print("last:", line)


handle, log = tempfile.mkstemp(".log", "pipeline")
os.close(handle)
try:
    with closing(tail(log, grep("ERROR", broadcast(printer(), counter(), last())))) as lines:
        for batch in BATCHES:
            print("-- writing")
            with open(log, "a") as writer:
                writer.write(batch)
            next(lines)
        print("-- closing")
finally:
    os.remove(log)
