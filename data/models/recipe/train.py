"""Trains the demo model and writes it as a Hugging Face folder, with the held-out text beside it.

Usage: python train.py OUT_DIR FACTS_JSON
"""

import argparse
import json
import os
import platform
import random
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
# Threads that spin while they wait take the time of those they wait for as soon as a core has other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch.nn.functional import cross_entropy
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import corpus

SEED = 0
THREADS = 2
VOCAB_SIZE = 3072
CONTEXT_LENGTH = 2048
HELD_OUT_BYTES = 96 * 1024

BOS, EOS, PAD, END = "<|bos|>", "<|eos|>", "<|pad|>", "<|end|>"
ROLES = ("user", "assistant", "system")
SPECIAL_TOKENS = [BOS, EOS, PAD, *(f"<|{role}|>" for role in ROLES), END]
CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


class Phase(NamedTuple):
    """A run of steps with one shape of batch."""

    steps: int
    rows: int
    length: int


# Short rows first: their attention costs less, and they come from more places of the text. The last
# phase teaches positions up to the context length.
PHASES = (Phase(900, 16, 128), Phase(600, 4, 512), Phase(120, 1, CONTEXT_LENGTH))
WARMUP_STEPS = 20
DECAY_FROM = 0.4
LAST_RATE = 0.02
MATRIX_RATE = 0.012
OTHER_RATE = 0.02


def train_tokenizer(documents):
    """A byte-level BPE tokenizer, split as GPT-2 does, that starts every text with BOS."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator((document.text for document in documents), trainer)
    bpe.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A $B", special_tokens=[(BOS, bpe.token_to_id(BOS))]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token=BOS,
        eos_token=EOS,
        pad_token=PAD,
        model_max_length=CONTEXT_LENGTH,
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def encode(tokenizer, text):
    """The ids of `text` without the BOS that the tokenizer adds."""
    return tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids


def training_stream(tokenizer, documents, conversations):
    """The ids of all files and chats, shuffled and joined, each from BOS to EOS."""
    texts = [BOS + document.text for document in documents]
    texts += [tokenizer.apply_chat_template(messages, tokenize=False) for messages in conversations]
    random.Random(SEED).shuffle(texts)
    ids = [id for text in texts for id in encode(tokenizer, text + EOS)]
    return np.array(ids, dtype=np.int64)


def cut_batches(stream, phases, rng):
    """Yields batches of shape (rows, length + 1) for every step of every phase.

    The stream is cut into blocks that are dealt out in random order, so that no text comes twice before all
    of it came once, and each phase cuts its blocks into rows of its own length.
    """
    starts = np.arange(0, len(stream) - CONTEXT_LENGTH, CONTEXT_LENGTH)
    dealt = 0
    for phase in phases:
        rows_needed = phase.steps * phase.rows
        blocks_needed = -(-rows_needed * phase.length // CONTEXT_LENGTH)
        deck = [rng.permutation(starts) for _ in range((dealt + blocks_needed) // len(starts) + 1)]
        blocks = np.concatenate(deck)[dealt : dealt + blocks_needed]
        dealt = (dealt + blocks_needed) % len(starts)
        rows = (blocks[:, None] + np.arange(0, CONTEXT_LENGTH, phase.length)).ravel()
        rows = rng.permutation(rows)[:rows_needed].reshape(phase.steps, phase.rows)
        for row_starts in rows:
            yield np.stack([stream[start : start + phase.length + 1] for start in row_starts])


def new_model(tokenizer):
    """An untrained llama whose rows are multiples of 256, which K-quants need."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=CONTEXT_LENGTH,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=stop_ids(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    model.generation_config = GenerationConfig(
        bos_token_id=config.bos_token_id,
        eos_token_id=config.eos_token_id,
        pad_token_id=config.pad_token_id,
    )
    return model


def stop_ids(tokenizer):
    """Both the end of a text and the end of a turn stop a generation."""
    return tokenizer.convert_tokens_to_ids([EOS, END])


def make_optimizers(model):
    """Muon for the matrices of the layers, AdamW for embeddings and norms, each with its full rate."""
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        is_matrix = parameter.dim() == 2 and "embed" not in name
        (matrices if is_matrix else others).append(parameter)
    muon = torch.optim.Muon(matrices, lr=MATRIX_RATE, momentum=0.95, nesterov=True, weight_decay=0.01)
    adamw = torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0)
    return [(muon, MATRIX_RATE), (adamw, OTHER_RATE)]


def rate_factor(step, steps):
    """Warm-up, a plateau, then a straight line down."""
    progress = step / steps
    decay = 1.0 if progress < DECAY_FROM else (1 - progress) / (1 - DECAY_FROM)
    return min(1.0, (step + 1) / WARMUP_STEPS) * max(LAST_RATE, decay)


def train_step(model, optimizers, batch):
    """One update on a batch; returns its loss in nats per token."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(input_ids=batch[:, :-1], use_cache=False).logits
    loss = cross_entropy(logits.float().flatten(0, 1), batch[:, 1:].flatten())
    model.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer, _ in optimizers:
        optimizer.step()
    return loss.item()


def train(model, stream):
    """Runs all phases; returns the number of tokens seen and the seconds taken."""
    # On a CPU and in training, quicker than the default on rows as short as most of these.
    model.set_attn_implementation("eager")
    optimizers = make_optimizers(model)
    steps = sum(phase.steps for phase in PHASES)
    tokens = 0
    began = time.monotonic()
    for step, rows in enumerate(cut_batches(stream, PHASES, np.random.default_rng(SEED))):
        for optimizer, full_rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = full_rate * rate_factor(step, steps)
        loss = train_step(model, optimizers, torch.from_numpy(rows))
        tokens += rows.shape[0] * (rows.shape[1] - 1)
        if (step + 1) % 100 == 0:
            seconds = time.monotonic() - began
            print(f"step {step + 1}/{steps} loss {loss:.3f} seconds {seconds:.0f}", flush=True)
    return tokens, time.monotonic() - began


def write_held_out(held_out, file):
    """Writes the slice of the held-out text that is kept; returns what is known of it."""
    text = corpus.held_out_slice(held_out, HELD_OUT_BYTES)
    file.write_text(text, encoding="utf-8")
    return {"bytes": len(text.encode()), "sources": [document.path for document in held_out]}


def text_bytes(documents):
    return sum(len(document.text.encode()) for document in documents)


def versions():
    """What the result depends on besides this recipe."""
    packages = ("torch", "transformers", "tokenizers", "numpy", "gguf")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for hf/ and held-out.txt")
    parser.add_argument("facts", type=Path, help="JSON file to write what is known of the training to")
    arguments = parser.parse_args()

    torch.set_num_threads(THREADS)
    torch.manual_seed(SEED)
    documents = corpus.read_documents()
    training, held_out = corpus.split_held_out(documents)
    tokenizer = train_tokenizer(training)
    conversations = corpus.make_conversations(corpus.make_turns(training, SEED), SEED)
    stream = training_stream(tokenizer, training, conversations)
    model = new_model(tokenizer)
    tokens, seconds = train(model, stream)
    print(f"trained on {tokens} tokens in {seconds:.0f} seconds")

    model.to(torch.bfloat16).save_pretrained(arguments.out / "hf")
    tokenizer.save_pretrained(arguments.out / "hf")
    facts = {
        "training": {
            "seed": SEED,
            "steps": sum(phase.steps for phase in PHASES),
            "phases": [phase._asdict() for phase in PHASES],
            "tokens": tokens,
        },
        "corpus": {
            "files": len(training),
            "bytes": text_bytes(training),
            "conversations": len(conversations),
            "tokens": len(stream),
            "sha256": corpus.corpus_digest(training),
        },
        "heldOut": write_held_out(held_out, arguments.out / "held-out.txt"),
        "tools": versions(),
    }
    arguments.facts.write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
