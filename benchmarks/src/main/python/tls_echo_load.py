"""Sends MIB mebibytes over TLS to an echo server and takes them back: tls_echo_load.py PORT CA.pem MIB."""
import select
import socket
import ssl
import sys
import time

port, ca, total = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]) << 20
context = ssl.create_default_context(cafile=ca)
stream = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost")
stream.setblocking(False)
chunk = memoryview(bytes(1 << 16))
into = bytearray(1 << 16)
sent = received = 0
began = time.perf_counter()
while received < total:
    progress = False
    try:
        received += stream.recv_into(into)
        progress = True
    except ssl.SSLWantReadError:
        pass
    if sent < total:
        try:
            sent += stream.send(chunk[: total - sent])
            progress = True
        except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
            pass
    if not progress:
        select.select([stream], [stream] if sent < total else [], [], 10)
print(total / (time.perf_counter() - began) / (1 << 20))
