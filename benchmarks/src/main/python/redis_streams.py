"""PING, GET, SET, INCR and DEL of Redis's protocol with asyncio's streams: redis_streams.py PORT [uvloop]."""
import asyncio
import sys

entries = {}


async def serve(reader, writer):
    try:
        while line := await reader.readline():
            words = []
            for _ in range(int(line[1:])):
                length = int((await reader.readline())[1:])
                words.append((await reader.readexactly(length + 2))[:-2])
            writer.write(reply(words))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionResetError):
        pass
    finally:
        writer.close()


def reply(words):
    match words:
        case [b"PING"]:
            return b"+PONG\r\n"
        case [b"GET", key]:
            return bulk(entries.get(key))
        case [b"SET", key, value]:
            entries[key] = value
            return b"+OK\r\n"
        case [b"INCR", key]:
            entries[key] = b"%d" % (int(entries.get(key, b"0")) + 1)
            return b":%s\r\n" % entries[key]
        case [b"DEL", key]:
            return b":%d\r\n" % (entries.pop(key, None) is not None)
        case [b"CONFIG", b"GET", name]:
            return b"*2\r\n" + bulk(name) + bulk(b"")
        case _:
            return b"-ERR unknown command\r\n"


def bulk(value):
    return b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)


async def main(port):
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    print("listening on port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if "uvloop" in sys.argv:
    import uvloop

    uvloop.install()
asyncio.run(main(int(sys.argv[1])))
