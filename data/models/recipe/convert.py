"""Converts the Hugging Face folder to GGUF F16.

Usage: python convert.py HF_DIR OUT_GGUF
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
from gguf import GGUFWriter, LlamaFileType, TokenType
from safetensors.torch import load_file

NAME = "Benchbook demo"
END_OF_TURN = "<|end|>"


def read_json(file):
    return json.loads(file.read_text(encoding="utf-8"))


def add_shape(writer, config):
    """The metadata from which llama.cpp builds the network."""
    writer.add_type("model")
    writer.add_name(NAME)
    writer.add_license("PSF-2.0")
    writer.add_file_type(LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def token_table(tokenizer, vocab_size):
    """Texts and types of all tokens, by id."""
    texts = [f"[UNUSED{id}]" for id in range(vocab_size)]
    types = [TokenType.UNUSED] * vocab_size
    for text, id in tokenizer["model"]["vocab"].items():
        texts[id], types[id] = text, TokenType.NORMAL
    for token in tokenizer["added_tokens"]:
        texts[token["id"]] = token["content"]
        types[token["id"]] = TokenType.CONTROL if token["special"] else TokenType.USER_DEFINED
    return texts, types


def add_tokenizer(writer, source, vocab_size):
    """The tokenizer: GPT-2's way to split a text, with this model's merges and special tokens."""
    tokenizer = read_json(source / "tokenizer.json")
    special = read_json(source / "tokenizer_config.json")
    texts, types = token_table(tokenizer, vocab_size)
    merges = tokenizer["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(texts)
    writer.add_token_types(types)
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(texts.index(special["bos_token"]))
    writer.add_eos_token_id(texts.index(special["eos_token"]))
    writer.add_eot_token_id(texts.index(END_OF_TURN))
    writer.add_pad_token_id(texts.index(special["pad_token"]))
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template((source / "chat_template.jinja").read_text(encoding="utf-8"))


def interleave_rope_rows(weights, heads):
    """Reorders the rows of a query or key matrix.

    Rotary embeddings turn pairs of rows: transformers pairs row i with row i + half of the head,
    llama.cpp's llama pairs neighbours.
    """
    half = weights.shape[0] // heads // 2
    return weights.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(weights.shape)


def rearrange(name, weights, config):
    """`weights` in the order of rows in which llama.cpp expects the tensor of this name."""
    if name.endswith("q_proj.weight"):
        return interleave_rope_rows(weights, config["num_attention_heads"])
    if name.endswith("k_proj.weight"):
        return interleave_rope_rows(weights, config["num_key_value_heads"])
    return weights


def as_f16(name, weights):
    """`weights` in 16 bits: bf16 has fewer digits than F16 but a wider range, so check the range."""
    if np.abs(weights).max() > np.finfo(np.float16).max:
        raise ValueError(f"{name} has weights beyond the range of F16")
    return weights.astype(np.float16)


def add_tensors(writer, source, config):
    """All tensors: matrices in F16, vectors in F32, as llama.cpp's own converter has them."""
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    rounded = 0
    for name, tensor in load_file(source / "model.safetensors").items():
        exact = np.ascontiguousarray(rearrange(name, tensor.float().numpy(), config))
        stored = exact if exact.ndim == 1 else as_f16(name, exact)
        rounded += int(np.count_nonzero(stored.astype(np.float32) != exact))
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), stored)
    return rounded


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="Hugging Face folder")
    parser.add_argument("out", type=Path, help="GGUF file to write")
    arguments = parser.parse_args()

    config = read_json(arguments.source / "config.json")
    writer = GGUFWriter(arguments.out, "llama")
    add_shape(writer, config)
    add_tokenizer(writer, arguments.source, config["vocab_size"])
    rounded = add_tensors(writer, arguments.source, config)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{arguments.out.name}: {rounded} weights rounded (too small for F16's normal range)")


if __name__ == "__main__":
    main()
