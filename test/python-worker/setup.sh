#!/bin/sh
# Makes a Python environment for the worker in Python in the folder named by $1, with stubs from the test's own copy of the
# published schema. Exit code 3: this machine cannot have one, and the last line says why.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
unavailable() {
  printf 'unavailable: %s\n' "$1"
  exit 3
}
if ! command -v python3 >/dev/null || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || unavailable 'Python 3 with venv is needed: apt-get install python3-venv'
  { apt-get update -q && apt-get install -y -q --no-install-recommends python3 python3-venv; } >/dev/null 2>&1 ||
    unavailable 'Python 3 with venv could not be installed'
fi
# Left there by an earlier run of the same requirements and schema, it is used again.
stamp=$(cat "$here/requirements.txt" "$here/zisk_distributed_api.proto" | cksum)
[ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
rm -rf "$folder"
python3 -m venv "$folder/venv" || unavailable 'python3 -m venv failed'
"$folder/venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" ||
  unavailable 'the packages of requirements.txt cannot be installed'
mkdir -p "$folder/stubs"
"$folder/venv/bin/python" -m grpc_tools.protoc -I "$here" --python_out="$folder/stubs" --grpc_python_out="$folder/stubs" \
  "$here/zisk_distributed_api.proto"
printf '%s\n' "$stamp" >"$folder/stamp"
