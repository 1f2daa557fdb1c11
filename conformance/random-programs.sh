#!/usr/bin/env bash
# Runs N random programs on both engines and compares what they do: random-programs.sh N [SEED]
# Prints progress; exits with 1 at the first difference, after making the program as small as it can.

set -euo pipefail

if [ $# -lt 1 ]; then
  echo "usage: $0 N [SEED]" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd -P)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
paths=$(mktemp)
trap 'rm -f "$paths"' EXIT

cd "$root"
mvn -B -q -ntp -pl core,conformance -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$paths" -Dmdep.includeScope=test
# programs are compiled once and run once: the JVM's better compiler would never pay
"$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "core/target/classes:conformance/target/test-classes:$(cat "$paths")" \
  io.fermata.conformance.random.RandomPrograms "$@"
