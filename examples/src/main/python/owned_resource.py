"""A generator that owns a resource: closing the generator closes what it holds open."""

from contextlib import closing


class Table:
    def __init__(self, name):
        self.name = name
        print("opened", name)

    def row(self, i):
        return f"{self.name}, row {i}"

    def close(self):
        print("closed", self.name)


def rows(name):
    with closing(Table(name)) as table:
        i = 1
        while True:
            yield table.row(i)
            i += 1


with closing(rows("fruits")) as fruits:
    for row in fruits:
        print(row)
        if row == "fruits, row 2":
            break

try:
    with closing(rows("animals")) as animals:
        raise RuntimeError(f"nobody wants {next(animals)}")
except RuntimeError as e:
    print("failed:", e)
