#!/usr/bin/env bash
# What programs on fermata-net cost, beside Netty's handlers written by hand and asyncio.
#
#   benchmarks/net.sh [redis|python|tls|idle]...      all of them, if none is named
#
# Servers run on core 0, load generators on core 1. Wants redis-tools, openssl, python3 and for the
# comparison with it python3-uvloop (Debian's, so of Debian's python3), and jars that ./fermata has built.
# ROUNDS (5), IDLE (5000 connections), MIB (1024) change the size.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
rounds=${ROUNDS:-5} idle=${IDLE:-5000} mib=${MIB:-1024}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
python=/usr/bin/python3
load=$root/benchmarks/src/main/python
path="$root/core/target/fermata.jar:$root/net/target/fermata-net.jar:$root/net/target/lib/*"
scratch=$(mktemp -d) || exit 1
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

"$javac" -nowarn -d "$scratch/classes" -cp "$path" "$root"/examples/src/main/java/{RedisServer,EchoServer}.java \
  "$root"/benchmarks/src/main/java/io/fermata/benchmarks/net/*.java || exit 1

# serve NAME COMMAND...: starts a server on core 0 and waits until it listens; its pid is in pid_NAME.
serve() {
  local name=$1
  shift
  taskset -c 0 "$@" >"$scratch/$name" 2>&1 &
  declare -g "pid_$name=$!"
  servers+=($!)
  until grep -q "listening on port" "$scratch/$name"; do
    kill -0 $! 2>/dev/null || { cat "$scratch/$name"; exit 1; }
    sleep 0.1
  done
}

java_serve() {
  local name=$1
  shift
  # shellcheck disable=SC2086 # JAVA_OPTS holds several words
  serve "$name" "$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms512m -Xmx512m ${JAVA_OPTS-} \
    -cp "$path:$scratch/classes" "$@"
}

netty=io.fermata.benchmarks.net.NettyServer

# Processor time of a process so far, in hundredths of a second.
ticks() {
  awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# ping NAME PORT DEPTH COUNT: adds a line "requests per second, microseconds of the server per request".
ping() {
  local pid=pid_$1 before after rps
  before=$(ticks "${!pid}")
  rps=$(taskset -c 1 redis-benchmark -p "$2" -c 50 -P "$3" -n "$4" -t ping_mbulk --csv 2>/dev/null |
    awk -F'"' '/^"PING/ { print $4 }')
  after=$(ticks "${!pid}")
  awk -v rps="$rps" -v t=$((after - before)) -v n="$4" 'BEGIN { printf "%.0f %.3f\n", rps, t * 1e4 / n }' \
    >>"$scratch/ping.$1.$3"
}

# The bytes that the threads of a JVM have allocated so far, to the next thousand each.
allocated() {
  "${java%java}jcmd" "$1" Thread.print -e | grep -o 'allocated=[0-9]*[BKMG]' | tr -d 'alocted=' |
    numfmt --from=iec --suffix=B 2>/dev/null | tr -d B | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# garbage NAME PORT DEPTH COUNT: the bytes that a request costs.
garbage() {
  local pid=pid_$1 before after
  before=$(allocated "${!pid}")
  taskset -c 1 redis-benchmark -p "$2" -c 50 -P "$3" -n "$4" -t ping_mbulk -q >/dev/null 2>&1
  after=$(allocated "${!pid}")
  row "PING, depth $3, $1: bytes allocated per request" "$(((after - before) / $4))"
}

# ratios FILE FILE COLUMN: the median of the ratios round by round, and the least and greatest.
ratios() {
  paste "$1" "$2" | awk -v c="$3" -v w="$(head -1 "$1" | wc -w)" '{ print $c / $(w + c) }' | spread '%.2f'
}

# spread FORMAT: the median of numbers, with the least and the greatest.
spread() {
  sort -n | awk -v f="$1" '{ v[NR] = $1 }
    END { printf f " (" f " to " f ")", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

column() {
  awk -v c="$2" '{ print $c }' "$1" | spread "$3"
}

row() {
  printf '| %s | %s |\n' "$1" "$2"
}

redis_servers() {
  [ -z "${pid_fermata-}" ] || return 0
  java_serve fermata RedisServer 7101
  java_serve netty $netty redis 7102
  for _ in 1 2; do # warm up
    for port in 7101 7102; do
      for depth in 16 1; do
        taskset -c 1 redis-benchmark -p $port -c 50 -P $depth -n $((depth * 100000)) -t ping_mbulk -q >/dev/null 2>&1
      done
    done
  done
}

redis() {
  redis_servers
  for _ in $(seq "$rounds"); do
    for depth in 1 16; do
      ping fermata 7101 $depth $((depth == 1 ? 150000 : 2000000))
      ping netty 7102 $depth $((depth == 1 ? 150000 : 2000000))
    done
  done
  for depth in 1 16; do
    for name in fermata netty; do
      row "PING, depth $depth, $name: requests per second" "$(column "$scratch/ping.$name.$depth" 1 %.0f)"
      row "... microseconds of processor time each" "$(column "$scratch/ping.$name.$depth" 2 %.3f)"
    done
    garbage fermata 7101 $depth 200000
    row "PING, depth $depth: throughput / Netty's" "$(ratios "$scratch"/ping.{fermata,netty}.$depth 1)"
    row "PING, depth $depth: processor time / Netty's" "$(ratios "$scratch"/ping.{fermata,netty}.$depth 2)"
  done
}

python() {
  redis_servers
  rm -f "$scratch/ping.fermata.16"
  serve asyncio $python "$load/redis_streams.py" 7103
  serve uvloop $python "$load/redis_streams.py" 7104 uvloop
  for _ in 1 2 3; do
    ping fermata 7101 16 2000000
    ping asyncio 7103 16 100000
    ping uvloop 7104 16 150000
  done
  for name in asyncio uvloop; do
    row "PING, depth 16, $name: requests per second" "$(column "$scratch/ping.$name.16" 1 %.0f)"
    row "PING, depth 16: throughput / $name" "$(ratios "$scratch"/ping.{fermata,$name}.16 1)"
    row "PING, depth 16: processor time of $name / ours" "$(ratios "$scratch"/ping.{$name,fermata}.16 2)"
  done
}

tls() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null || exit 1
  java_serve tls_fermata EchoServer 7105 "$scratch/cert.pem" "$scratch/key.pem"
  java_serve tls_netty $netty echo 7106 "$scratch/cert.pem" "$scratch/key.pem"
  for port in 7105 7106 7105 7106; do # warm up
    taskset -c 1 $python "$load/tls_echo_load.py" $port "$scratch/cert.pem" "$mib" >/dev/null
  done
  for _ in $(seq "$rounds"); do
    echo_over_tls fermata 7105
    echo_over_tls netty 7106
  done
  for name in fermata netty; do
    row "echo of $mib MiB over TLS, $name: MiB per second" "$(column "$scratch/tls.$name" 1 %.0f)"
  done
  row "echo over TLS: throughput / Netty's" "$(ratios "$scratch"/tls.{fermata,netty} 1)"
  row "echo over TLS: processor time / Netty's" "$(ratios "$scratch"/tls.{fermata,netty} 2)"
}

echo_over_tls() {
  local pid=pid_tls_$1 before rate
  before=$(ticks "${!pid}")
  rate=$(taskset -c 1 $python "$load/tls_echo_load.py" "$2" "$scratch/cert.pem" "$mib")
  echo "$rate $(($(ticks "${!pid}") - before))" >>"$scratch/tls.$1"
}

# The bytes of the objects that a JVM reaches, after a full collection.
live() {
  "${java%java}jcmd" "$1" GC.class_histogram | awk '/^Total/ { print $3 }'
}

resident() {
  awk '/^VmRSS/ { print $2 * 1024 }' "/proc/$1/status"
}

idle() {
  local name pid before rss_before
  ulimit -n $((idle + 500)) 2>/dev/null
  java_serve idle_fermata EchoServer 7107
  java_serve idle_netty $netty echo 7108
  for name in fermata netty; do
    pid=pid_idle_$name
    pid=${!pid}
    local port=$([ $name = fermata ] && echo 7107 || echo 7108)
    $python "$load/idle_connections.py" "$port" 100 </dev/null >/dev/null # what is made once
    sleep 0.3
    live "$pid" >/dev/null
    before=$(live "$pid") rss_before=$(resident "$pid")
    mkfifo "$scratch/hold.$name"
    $python "$load/idle_connections.py" "$port" "$idle" <"$scratch/hold.$name" >"$scratch/open.$name" &
    exec 5>"$scratch/hold.$name"
    until grep -q open "$scratch/open.$name"; do sleep 0.1; done
    live "$pid" >/dev/null
    echo "$((($(live "$pid") - before) / idle)) $((($(resident "$pid") - rss_before) / idle))" >"$scratch/idle.$name"
    exec 5>&-
    row "idle connection, $name: bytes of the heap; resident" "$(tr ' ' ';' <"$scratch/idle.$name")"
  done
  row "idle connection: heap / Netty's" "$(ratios "$scratch"/idle.{fermata,netty} 1)"
}

"$java" -version 2>&1 | sed -n 2p
[ $# -gt 0 ] || set -- redis python tls idle
for what in "$@"; do
  "$what"
done
