"""Opens COUNT connections, sends a line over each, takes the echo, and holds them until its input ends:
idle_connections.py PORT COUNT."""
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
held = []
for _ in range(count):
    each = socket.create_connection(("127.0.0.1", port))
    each.sendall(b"hello\n")
    assert each.recv(100) == b"hello\n"
    held.append(each)
print("open", flush=True)
sys.stdin.read()
