"""Quantizes the Hugging Face folder to 4 bits with AWQ, calibrated on the training text.

Usage: python awq.py HF_DIR OUT_DIR FACTS_JSON

Every matrix of the blocks goes to groups of 128 weights of 4 bits with a scale each, in the form of
`compressed-tensors` that transformers and vLLM load. There are no zero points: transformers 5.23 does
not load packed ones by itself (`from_pretrained`), and they would better the perplexity by 0.1 %. The embedding, which is the output matrix
too, and the norms stay as they are.
"""

import argparse
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from datasets import Dataset
from llmcompressor import oneshot
from llmcompressor.modifiers.quantization import QuantizationModifier
from llmcompressor.modifiers.transform.awq import AWQModifier
from transformers import AutoModelForCausalLM, AutoTokenizer

import corpus
import train

ROWS = 64
ROW_LENGTH = 512
# What save_pretrained would write again, in the form of another version of transformers.
SAME_FILES = ("chat_template.jinja", "generation_config.json", "tokenizer.json", "tokenizer_config.json")


def calibration_rows(tokenizer):
    """Rows of ids from random places of the text that the model was trained on; none of it is held-out text."""
    documents, _ = corpus.split_held_out(corpus.read_documents())
    conversations = corpus.make_conversations(corpus.make_turns(documents, train.SEED), train.SEED)
    stream = train.training_stream(tokenizer, documents, conversations)
    starts = np.random.default_rng(train.SEED).choice(len(stream) // ROW_LENGTH, ROWS, replace=False) * ROW_LENGTH
    rows = [stream[start : start + ROW_LENGTH].tolist() for start in starts]
    return Dataset.from_list([{"input_ids": row, "attention_mask": [1] * ROW_LENGTH} for row in rows])


def allow_no_accelerator():
    """llmcompressor 0.14 pins what it keeps for an accelerator's sake, which torch refuses where there is none."""
    if not torch.accelerator.is_available():
        torch.Tensor.pin_memory = lambda tensor, *_, **__: tensor


def quantize(model, rows):
    """Scales the channels by what passes through them, then rounds: both in place."""
    recipe = [
        AWQModifier(duo_scaling="both"),
        QuantizationModifier(ignore=["lm_head"], scheme="W4A16", targets=["Linear"]),
    ]
    oneshot(model=model, dataset=rows, recipe=recipe, max_seq_length=ROW_LENGTH, num_calibration_samples=ROWS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="Hugging Face folder, bf16")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("facts", type=Path, help="JSON file to write what is known of the quantization to")
    arguments = parser.parse_args()

    torch.set_num_threads(train.THREADS)
    torch.manual_seed(train.SEED)
    allow_no_accelerator()
    tokenizer = AutoTokenizer.from_pretrained(arguments.source)
    model = AutoModelForCausalLM.from_pretrained(arguments.source, dtype=torch.bfloat16)
    quantize(model, calibration_rows(tokenizer))
    model.save_pretrained(arguments.out, save_compressed=True)
    for name in SAME_FILES:
        shutil.copyfile(arguments.source / name, arguments.out / name)
    (arguments.out / "model.safetensors").chmod(0o644)
    facts = {
        "calibration": {"text": "corpus", "seed": train.SEED, "rows": ROWS, "length": ROW_LENGTH},
        "tools": {name: version(name) for name in ("llmcompressor", "compressed-tensors")},
    }
    arguments.facts.write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
