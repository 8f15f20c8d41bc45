"""Perplexity and bits per byte of a Hugging Face folder on the held-out text, in float32.

Usage: python evaluate.py HF_DIR TEXT TOKENS_JSON RESULT_JSON
"""

import argparse
import json
import math
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

CONTEXT_LENGTH = 512
THREADS = 2


def token_losses(model, ids):
    """The negative log-likelihood, in nats, of every id but the first, given those before it."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0, :-1]
    log_likelihoods = torch.log_softmax(logits.double(), dim=-1)
    return -log_likelihoods.gather(1, torch.tensor(ids[1:])[:, None])[:, 0]


def perplexity(model, bos, ids, most):
    """Perplexity as llama-perplexity has it; returns (perplexity, standard error, scored tokens, chunks).

    Chunks do not overlap, BOS takes the place of the first token of each, and only the second
    half of a chunk is scored, so that every scored token has half a context before it. At most
    `most` chunks are scored, where that is not None.
    """
    losses = []
    chunks = len(ids) // CONTEXT_LENGTH
    if most is not None:
        chunks = min(chunks, most)
    for chunk in range(chunks):
        chunk_ids = ids[chunk * CONTEXT_LENGTH : (chunk + 1) * CONTEXT_LENGTH]
        losses.append(token_losses(model, [bos, *chunk_ids[1:]])[CONTEXT_LENGTH // 2 :])
    losses = torch.cat(losses)
    value = math.exp(losses.mean())
    error = value * math.sqrt(losses.var(correction=0) / (len(losses) - 1))
    return value, error, len(losses), chunks


def bits_per_byte(model, bos, ids, byte_count):
    """Bits per byte over the whole text: every token is scored, in windows that each start with BOS."""
    nats = 0.0
    for start in range(0, len(ids), CONTEXT_LENGTH - 1):
        nats += token_losses(model, [bos, *ids[start : start + CONTEXT_LENGTH - 1]]).sum().item()
    return nats / math.log(2) / byte_count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="Hugging Face folder")
    parser.add_argument("text", type=Path, help="held-out text")
    parser.add_argument("tokens", type=Path, help="JSON file to write the text's token ids to")
    parser.add_argument("result", type=Path, help="JSON file to write the result to")
    parser.add_argument("--chunks", type=int, help="score at most so many (default: all of the text)")
    arguments = parser.parse_args()

    torch.set_num_threads(THREADS)
    tokenizer = AutoTokenizer.from_pretrained(arguments.source)
    model = AutoModelForCausalLM.from_pretrained(arguments.source, dtype=torch.float32).eval()
    data = arguments.text.read_bytes()
    # All of the text, BOS included, is far longer than the context: only its chunks go through the model.
    ids = tokenizer(data.decode(), verbose=False)["input_ids"]
    arguments.tokens.write_text(json.dumps(ids))
    value, error, scored, chunks = perplexity(model, tokenizer.bos_token_id, ids, arguments.chunks)
    result = {
        "tokens": len(ids),
        "chunks": chunks,
        "scoredTokens": scored,
        "perplexity": value,
        "perplexityError": error,
        "bitsPerByte": bits_per_byte(model, tokenizer.bos_token_id, ids[1:], len(data)),
    }
    arguments.result.write_text(json.dumps(result))
    print(f"{arguments.source.name}: {json.dumps(result)}")


if __name__ == "__main__":
    main()
