"""One endless sequence, used in three ways."""

from itertools import islice


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


for n in fibonacci():
    if n > 100:
        break
    print(n)

print(list(islice(fibonacci(), 15)))

numbers = fibonacci()
n = next(numbers)
while n < 1_000_000:
    n = next(numbers)
print("the first of seven digits:", n)
