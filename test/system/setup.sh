#!/usr/bin/env bash
# Installs what the system suite needs beside npm's packages: Debian's chromium and sqlite3, and a Python environment with
# transformers under the user's cache folder. A second run finds them and is quick.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v sqlite3 >/dev/null || missing+=(sqlite3)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

venv="${BENCHBOOK_PYTHON_ENV:-${XDG_CACHE_HOME:-$HOME/.cache}/benchbook/python}"
stamp="$venv/requirements.installed"
if ! cmp -s requirements.txt "$stamp"; then
  python3 -m venv --clear "$venv"
  # torch first and exactly: anything else asks for its CUDA build.
  "$venv/bin/pip" install -q --disable-pip-version-check "$(grep '^torch==' requirements.txt)"
  "$venv/bin/pip" install -q --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$stamp"
fi
