"""An endless generator in a loop that ends."""


def evens():
    i = 0
    while True:
        yield i
        i += 2


for n in evens():
    if n > 10:
        break
    print(n)
