"""The printing coroutine, which first tells what kind of object it is."""


def printer():
    while True:
        item = yield
        print(item)


p = printer()
print("class name:", p.__class__.__name__)

next(p)  # prime it: run to the first yield
for i in range(11):
    p.send(i)
