"""Eight queens on a chessboard, none of which attacks another.

The search yields each board that it finds, and goes on from there when the next one is wanted.
"""


def solutions(size, columns=()):
    """Boards, as the column of the queen in each row."""
    if len(columns) == size:
        yield columns
        return
    for column in range(size):
        if is_safe(column, columns):
            yield from solutions(size, columns + (column,))


def is_safe(column, columns):
    for above, other in enumerate(columns):
        if abs(column - other) in (0, len(columns) - above):
            return False
    return True


def show(columns):
    for column in columns:
        print(". " * column + "Q" + " ." * (len(columns) - 1 - column))
    print()


count = 0
for columns in solutions(8):
    if count < 3:
        show(columns)
    count += 1
print("solutions:", count)
