"""The sieve of Eratosthenes: a chain of generators that grows by one for every prime."""

from itertools import count, islice


def primes():
    numbers = count(2)
    while True:
        prime = next(numbers)
        yield prime
        numbers = without_multiples(prime, numbers)


def without_multiples(prime, numbers):
    for n in numbers:
        if n % prime != 0:
            yield n


for prime in islice(primes(), 25):
    print(prime)
