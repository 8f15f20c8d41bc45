#!/usr/bin/env bash
# A llama-bench by the compiler of the embedded engine's build (GCC 11) and with the instruction sets of its variant for this
# kind of processor (zen4: AVX-512 with VBMI, VNNI and BF16). Needs g++-11, cmake and pip; takes about ten minutes on two cores.
# usage: llama-cpp-alike.sh DEST
set -euo pipefail
dest=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip download -q --no-deps --no-binary :all: -d "$work" llama-cpp-python==0.3.36
tar -C "$work" -xzf "$work"/llama_cpp_python-0.3.36.tar.gz
on=()
for set in SSE42 AVX F16C FMA AVX2 BMI2 AVX512 AVX512_VBMI AVX512_VNNI AVX512_BF16; do on+=("-DGGML_$set=ON"); done
cmake -S "$work/llama_cpp_python-0.3.36/vendor/llama.cpp" -B "$dest" -DCMAKE_C_COMPILER=gcc-11 -DCMAKE_CXX_COMPILER=g++-11 \
  -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DGGML_NATIVE=OFF "${on[@]}" -DGGML_OPENMP=OFF -DGGML_CCACHE=OFF \
  -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF \
  -DLLAMA_USE_PREBUILT_UI=OFF
cmake --build "$dest" -j2 --target llama-bench
