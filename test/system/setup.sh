#!/usr/bin/env bash
# Installs what the system suite needs beside npm's packages: Debian's chromium, sqlite3, jekyll with its theme, hugo, cmake and g++, Python environments with
# transformers and with JupyterLab, and the engines (engines.sh) under the user's cache folder. A second run finds them and is
# quick.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v sqlite3 >/dev/null || missing+=(sqlite3)
command -v jekyll >/dev/null || missing+=(jekyll)
# The theme of the walk in reports/README.md.
command -v jekyll >/dev/null && gem list -i minima >/dev/null 2>&1 || missing+=(jekyll-theme-minima)
command -v hugo >/dev/null || missing+=(hugo)
command -v cmake >/dev/null || missing+=(cmake)
command -v g++ >/dev/null || missing+=(g++ make)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

caches="${XDG_CACHE_HOME:-$HOME/.cache}/benchbook"

# Makes a virtual environment with what a file requires; one that has it already is left alone.
environment() {
  local venv="$1" requirements="$2" start=$SECONDS torch
  if cmp -s "$requirements" "$venv/requirements.installed"; then
    echo "$requirements: is there"
    return
  fi
  python3 -m venv --clear "$venv"
  # torch first and exactly: anything else asks for its CUDA build.
  torch=$(grep '^torch==' "$requirements" || true)
  [ -z "$torch" ] || "$venv/bin/pip" install -q --disable-pip-version-check "$torch"
  "$venv/bin/pip" install -q --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$venv/requirements.installed"
  echo "$requirements: $((SECONDS - start)) s"
}

environment "${BENCHBOOK_PYTHON_ENV:-$caches/python}" requirements.txt
environment "${BENCHBOOK_JUPYTER_ENV:-$caches/jupyter}" requirements-jupyter.txt
bash engines.sh
