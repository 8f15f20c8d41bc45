"""Quantizes a GGUF with the llama.cpp library that node-llama-cpp ships.

Usage: python quantize.py LIBRARY_DIR IN_GGUF TYPE OUT_GGUF
"""

import argparse
import ctypes
from pathlib import Path

# `enum llama_ftype` in llama.h.
FILE_TYPES = {"q4_0": 2, "q8_0": 7, "q4_k_m": 15}
THREADS = 2


class QuantizeParams(ctypes.Structure):
    """`llama_model_quantize_params` in llama.h, as of the llama.cpp in node-llama-cpp 3.21.1."""

    _fields_ = [
        ("nthread", ctypes.c_int32),
        ("ftype", ctypes.c_int),
        ("output_tensor_type", ctypes.c_int),
        ("token_embedding_type", ctypes.c_int),
        ("allow_requantize", ctypes.c_bool),
        ("quantize_output_tensor", ctypes.c_bool),
        ("only_copy", ctypes.c_bool),
        ("pure", ctypes.c_bool),
        ("keep_split", ctypes.c_bool),
        ("dry_run", ctypes.c_bool),
        ("imatrix", ctypes.c_void_p),
        ("kv_overrides", ctypes.c_void_p),
        ("tensor_types", ctypes.c_void_p),
        ("prune_layers", ctypes.c_void_p),
        ("max_buffer_size", ctypes.c_size_t),
    ]


def load_library(folder, name):
    """Loads lib`name`.so or lib`name`.vX.Y.Z.so, for all to see: the libraries refer to each other."""
    found = [*folder.glob(f"lib{name}.so"), *folder.glob(f"lib{name}.v*.so")]
    if len(found) != 1:
        raise FileNotFoundError(f"expected one lib{name}[.vX.Y.Z].so in {folder}, found {len(found)}")
    return ctypes.CDLL(str(found[0]), mode=ctypes.RTLD_GLOBAL)


def load_llama(folder):
    """The llama.cpp library, initialised, with the signatures of the functions used here."""
    load_library(folder, "ggml-base")
    ggml = load_library(folder, "ggml")
    llama = load_library(folder, "llama")
    ggml.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    ggml.ggml_backend_load_all_from_path(bytes(folder))
    llama.llama_backend_init()
    llama.llama_model_quantize_default_params.restype = QuantizeParams
    llama.llama_model_quantize.restype = ctypes.c_uint32
    llama.llama_model_quantize.argtypes = [
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.POINTER(QuantizeParams),
    ]
    return llama


def quantize(llama, source, file_type, out):
    """Writes `source` to `out` with the library's default recipe for this file type."""
    params = llama.llama_model_quantize_default_params()
    if not params.quantize_output_tensor or params.only_copy or params.pure or params.imatrix:
        raise RuntimeError("unexpected defaults: has llama_model_quantize_params changed in llama.h?")
    params.nthread = THREADS
    params.ftype = FILE_TYPES[file_type]
    status = llama.llama_model_quantize(bytes(source), bytes(out), ctypes.byref(params))
    if status != 0:
        raise RuntimeError(f"llama_model_quantize to {file_type} failed with status {status}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", type=Path, help="folder with libllama")
    parser.add_argument("source", type=Path, help="GGUF F16 file")
    parser.add_argument("type", choices=FILE_TYPES)
    parser.add_argument("out", type=Path, help="GGUF file to write")
    arguments = parser.parse_args()
    llama = load_llama(arguments.libraries.resolve())
    quantize(llama, arguments.source, arguments.type, arguments.out)


if __name__ == "__main__":
    main()
