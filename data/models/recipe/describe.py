"""Writes demo.json: what the files are, how the model was made, and how well each variant does.

Usage: python describe.py DEMO_DIR FACTS_DIR LIBRARY_DIR
"""

import argparse
import hashlib
import json
import math
from pathlib import Path

import gguf
from safetensors import safe_open

HUGGING_FACE = "hf"
AWQ = "awq"
GGUF_FILES = ("demo-f16.gguf", "demo-q8_0.gguf", "demo-q4_k_m.gguf", "demo-q4_0.gguf")
MODEL_KEYS = {
    "architecture": "model_type",
    "layers": "num_hidden_layers",
    "embeddingLength": "hidden_size",
    "feedForwardLength": "intermediate_size",
    "heads": "num_attention_heads",
    "keyValueHeads": "num_key_value_heads",
    "headLength": "head_dim",
    "vocabularySize": "vocab_size",
    "contextLength": "max_position_embeddings",
    "tiedEmbeddings": "tie_word_embeddings",
}


def read_json(file):
    return json.loads(file.read_text(encoding="utf-8"))


def count_types(types):
    """How many tensors have which type, most frequent first."""
    types = list(types)
    return {name: types.count(name) for name in sorted(set(types), key=types.count, reverse=True)}


def describe_hugging_face(folder):
    """Tensors of a Hugging Face folder, and their number of weights."""
    types, weights, tensor_bytes = [], 0, 0
    with safe_open(folder / "model.safetensors", framework="pt") as tensors:
        for name in tensors.keys():
            tensor = tensors.get_tensor(name)
            types.append(tensors.get_slice(name).get_dtype())
            weights += weights_in(name, tensor)
            tensor_bytes += tensor.nbytes
    return describe_tensors(types, weights, tensor_bytes)


def weights_in(name, tensor):
    """How many weights of the model a tensor stands for: packed ones are counted by the shape beside them."""
    if name.endswith(".weight_shape"):
        return math.prod(tensor.tolist())
    return 0 if name.endswith((".weight_packed", ".weight_scale")) else tensor.numel()


def describe_gguf(file):
    """Tensors of a GGUF, and their number of weights."""
    tensors = gguf.GGUFReader(file).tensors
    return describe_tensors(
        [tensor.tensor_type.name for tensor in tensors],
        sum(int(tensor.n_elements) for tensor in tensors),
        sum(int(tensor.n_bytes) for tensor in tensors),
    )


def describe_tensors(types, weights, tensor_bytes):
    return {
        "tensors": count_types(types),
        "parameters": weights,
        "tensorBytes": tensor_bytes,
        "effectiveBitsPerWeight": round(8 * tensor_bytes / weights, 4),
    }


def describe_result(result):
    """How well a variant does; `logRatio` is that of its perplexity to the F16 GGUF's, for GGUF files only."""
    digits = {"perplexity": 4, "perplexityError": 4, "bitsPerByte": 4, "logRatio": 5, "logRatioError": 5}
    return {key: round(result[key], count) for key, count in digits.items() if key in result}


def describe_folder(demo, name, result, **facts):
    folder = demo / name
    return {
        "path": name,
        "engine": "transformers",
        "bytes": sum(file.stat().st_size for file in folder.iterdir()),
        **describe_hugging_face(folder),
        **describe_result(result),
        **facts,
    }


def describe_variants(demo, facts, gguf_results):
    """One entry for each form of the model: folders, then files, each from the most exact to the smallest."""
    variants = [
        describe_folder(demo, HUGGING_FACE, read_json(facts / "transformers.json")),
        describe_folder(
            demo,
            AWQ,
            read_json(facts / "transformers-awq.json"),
            calibration=read_json(facts / "awq.json")["calibration"],
        ),
    ]
    for name in GGUF_FILES:
        variants.append(
            {
                "path": name,
                "engine": "llama.cpp",
                "bytes": (demo / name).stat().st_size,
                **describe_gguf(demo / name),
                **describe_result(gguf_results[name]),
            }
        )
    return variants


def engine_versions(libraries):
    """The versions of node-llama-cpp's library package and of the llama.cpp in it."""
    build = read_json(libraries / "_nlcBuildMetadata.json")["buildOptions"]["llamaCpp"]
    package = read_json(libraries.parents[1] / "package.json")
    return {"node-llama-cpp": package["version"], "llama.cpp": build["release"]}


def describe(demo, facts, libraries):
    training = read_json(facts / "training.json")
    evaluation = read_json(facts / "transformers.json")
    gguf_results = read_json(facts / "gguf.json")
    config = read_json(demo / HUGGING_FACE / "config.json")
    variants = describe_variants(demo, facts, gguf_results)
    parameters = {variant.pop("parameters") for variant in variants}
    if len(parameters) != 1:
        raise ValueError(f"the variants differ in their number of parameters: {parameters}")
    held_out = (demo / "held-out.txt").read_bytes()
    return {
        "name": "Benchbook demo",
        "license": "PSF-2.0",
        "model": {"parameters": parameters.pop(), **{key: config[name] for key, name in MODEL_KEYS.items()}},
        "training": training["training"],
        "corpus": {
            "description": f"sources of the standard library of Python {training['tools']['python']}, "
            "and chat turns made from its functions and docstrings",
            **training["corpus"],
        },
        "heldOut": {
            "path": "held-out.txt",
            **training["heldOut"],
            "sha256": hashlib.sha256(held_out).hexdigest(),
            "tokens": evaluation["tokens"],
        },
        "evaluation": {
            "perplexity": "as llama-perplexity: 512 tokens a chunk, its second half scored",
            "logRatio": "ln of the perplexity's ratio to that of demo-f16.gguf, with its error token by token",
            "bitsPerByte": "every token scored, in windows of BOS and 511 tokens",
            "contextLength": 512,
            "chunks": evaluation["chunks"],
            "scoredTokens": evaluation["scoredTokens"],
        },
        "variants": variants,
        "tools": {**training["tools"], **read_json(facts / "awq.json")["tools"], **engine_versions(libraries)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("demo", type=Path, help="folder of the demo model")
    parser.add_argument("facts", type=Path, help="folder with the results of the other scripts")
    parser.add_argument("libraries", type=Path, help="folder with libllama")
    arguments = parser.parse_args()
    description = describe(arguments.demo, arguments.facts, arguments.libraries.resolve())
    (arguments.demo / "demo.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
