"""transformers' `model.generate`, or vLLM's `LLM` class, as a notebook calls them: Benchbook's engine in Python.

Needs Python 3.10 or newer on Linux or macOS, and
    transformers: torch >= 2.4, transformers >= 4.56 (and what the model's weights need: compressed-tensors, accelerate, ...)
    vllm-offline: vllm >= 0.11
in the interpreter that runs this file. Nothing else is imported but Python's own modules, and nothing is fetched: the
model is a folder as Hugging Face has it (config.json, tokenizer.json, *.safetensors).

It speaks with the process that started it, one JSON object a line, over standard input and output; `python-messages.ts`
has what is said. What anything else prints goes to standard error. All times are `time.monotonic_ns()`. It ends, with all
that it has started, when its standard input does.
"""

import collections
import json
import math
import os
import platform
import queue
import signal
import sys
import threading
import time
import traceback

now = time.monotonic_ns
# Stamps are told together: one line for each token would take its time from the tokens.
TELL_EVERY_NS = 20_000_000
QUIT_SECONDS = 4
# Below it a term of a base's is left out, as llama-perplexity does.
LEAST_LOG_PROBABILITY = -16
SURE = 1e-5
OTHER_TOKENS = "the base cuts the text into other tokens, or has another vocabulary: name a base of the same tokenizer in workload.base"


class Refusal(Exception):
    """Why something cannot be done, in words for whoever asked for it."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


class Lines:
    """What is said, and what is heard; whatever else writes to standard output writes to standard error."""

    def __init__(self):
        self.heard = os.fdopen(os.dup(0), "r", encoding="utf-8")
        self.out = os.dup(1)
        self.lock = threading.Lock()
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        os.dup2(2, 1)
        # A process that is forked would keep the line open beyond our end.
        os.register_at_fork(after_in_child=lambda: os.close(self.out))

    def say(self, **message):
        line = memoryview(json.dumps(message).encode() + b"\n")
        with self.lock:
            while line:
                line = line[os.write(self.out, line) :]


class Request:
    """One request: its tokens, and when they came."""

    def __init__(self, lines, message, job, prompt):
        self.lines = lines
        self.id = message["id"]
        self.client = message["client"]
        self.prompt = prompt
        self.job = job
        self.ids, self.stamps, self.counts = [], [], []
        self.told = 0
        self.told_at = 0
        self.stopped = False
        self.sent = now()

    def add(self, ids, at, ends):
        """Takes tokens that came at once; what ends an output is none of it."""
        self.ids.extend(ids)
        counted = sum(1 for token in ids if token not in ends)
        if counted == 0:
            return
        self.stamps.append(at)
        self.counts.append(counted)
        if at - self.told_at >= TELL_EVERY_NS:
            self.lines.say(kind="content", id=self.id, at=self.stamps[self.told :])
            self.told, self.told_at = len(self.stamps), at

    def done(self, done_at, **told):
        self.lines.say(
            kind="done", id=self.id, sent=self.sent, done=done_at, promptTokens=len(self.prompt), told=self.told, **told
        )

    def failed(self, reason, detail):
        self.done(now(), status="failed", reason=reason, detail=detail, **self.content(len(self.ids)))

    def written(self, text_of, ends, found, engine=None, cached=None):
        """Says what was written: up to a text that ends it, and without the token that does."""
        done_at = now()
        ids = self.ids
        ended = bool(ids) and ids[-1] in ends
        if ended:
            ids = ids[:-1]
        complete = not found and not ended and len(ids) >= self.job["maxTokens"]
        text, count = before_stop(ids, self.job["stop"] if found else [], text_of)
        told = self.content(count) | {"output": text}
        if engine is not None:
            told["engine"] = engine
        if cached is not None:
            told["cachedTokens"] = cached
        if self.stopped and not (found or ended or complete):
            return self.done(done_at, status="failed", reason="stopped", detail="stopped before its end", **told)
        return self.done(done_at, status="ok", finish="length" if complete else "stop", **told)

    def content(self, count):
        """The events that the first `count` tokens came in."""
        stamps, counts, left = [], [], count
        for at, tokens in zip(self.stamps, self.counts):
            if left <= 0:
                break
            stamps.append(at)
            counts.append(min(tokens, left))
            left -= tokens
        return {"at": stamps, "tokens": counts, "outputTokens": sum(counts)}


def whole(text):
    """Without the half of a character that an output may end in."""
    return text[:-1] if text.endswith("\ufffd") else text


def before_stop(ids, stops, text_of):
    """The text before the first of `stops`, and how many tokens write it."""
    text = whole(text_of(ids))
    found = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    if not found:
        return text, len(ids)
    text = text[: min(found)]
    count = len(ids)
    while count > 0 and len(whole(text_of(ids[: count - 1]))) >= len(text):
        count -= 1
    return text, count


class StopWatch:
    """Looks for texts that end an output; a text of n bytes has n tokens at most."""

    def __init__(self, stops, text_of):
        self.stops, self.text_of = stops, text_of
        self.reach = max((len(stop.encode()) for stop in stops), default=0) + 4

    def found_in(self, ids):
        if not self.stops:
            return False
        tail = self.text_of(ids[-self.reach :])
        return any(stop in tail for stop in self.stops)


def module(name, least, install):
    """Imports a module that an engine needs. Refuses where it is not there, does not load, or is too old."""
    try:
        found = __import__(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise Refusal("start-failed", f"{name} is there and does not load, {error}: {install}") from error
        raise Refusal("start-failed", f"{sys.executable} has no module {name}: {install}") from error
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise Refusal("start-failed", f"{name} is there and does not load, {first_line(error)}: {install}") from error
    version = str(getattr(found, "__version__", "0"))
    if numbers(version) < least:
        wanted = ".".join(str(part) for part in least)
        raise Refusal("start-failed", f"{name} {version} is too old, {wanted} or newer is needed: {install}")
    return found


def numbers(version):
    """The first two numbers of a version; a part that is none counts as 0."""
    parts = [int("".join(filter(str.isdigit, part)) or 0) for part in version.split("+")[0].split(".")[:2]]
    return tuple(parts)


def first_line(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:500]


def pip(*packages):
    return f"{sys.executable} -m pip install {' '.join(packages)}"


class Prompts:
    """A model's tokenizer, as all engines here use it."""

    def __init__(self, tokenizer, ends):
        self.tokenizer = tokenizer
        self.ends = ends
        probe = tokenizer("a")["input_ids"]
        bos = tokenizer.bos_token_id
        self.lead = [bos] if bos is not None and probe[:1] == [bos] else []

    def text_of(self, ids):
        return self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def of_text(self, text):
        """Special tokens are the model's alone: their text in a prompt is text."""
        return self.lead + self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]

    def of_chat(self, messages):
        try:
            made = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except Exception as error:  # what a template does is its own
            if not getattr(self.tokenizer, "chat_template", None):
                raise Refusal("chat-template", "the model's folder has no chat template (chat_template.jinja)") from error
            raise Refusal("chat-template", f"the model's chat template does not work: {first_line(error)}") from error
        ids = self.tokenizer(made, add_special_tokens=False)["input_ids"]
        return ids if not self.lead or ids[:1] == self.lead else self.lead + ids

    def windows(self, text, context, chunks):
        """As llama-perplexity has them: no overlap, the first token of each overwritten by BOS."""
        ids = self.of_text(text)
        count = min(len(ids) // context, chunks or len(ids))
        if len(ids) < 2 * context or count < 1:
            raise Refusal(
                "context-overflow",
                f"perplexity needs at least {2 * context} tokens of text, there are {len(ids)}: give a longer text or a smaller context",
            )
        cut = [ids[at * context : (at + 1) * context] for at in range(count)]
        return [self.lead + window[len(self.lead) :] for window in cut]


def model_parts(transformers, start):
    """Tokenizer, configuration, and the tokens that end an output: the model's own, whatever else its files ask for."""
    path, trusted = start["model"], bool(start["args"].get("trust_remote_code", False))
    common = {"local_files_only": True, "trust_remote_code": trusted}
    config = transformers.AutoConfig.from_pretrained(path, **common)
    tokenizer = transformers.AutoTokenizer.from_pretrained(path, **common)
    try:
        told = transformers.GenerationConfig.from_pretrained(path, local_files_only=True).eos_token_id
    except OSError:
        told = None
    told = getattr(config, "eos_token_id", None) if told is None else told
    ends = {*(told if isinstance(told, (list, tuple)) else [told]), tokenizer.eos_token_id}
    return config, tokenizer, ends - {None}


def assert_model_has(context_size, config):
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    most = getattr(text, "max_position_embeddings", None)
    if most is not None and context_size > most:
        raise Refusal("context-overflow", f"backend.contextSize is {context_size}, the model has {most}: lower it")


class Engine:
    """What both engines have: the prompts of the trial that runs, and the requests under way."""

    def __init__(self, lines, start):
        self.lines, self.start = lines, start
        self.jobs, self.running = [], {}

    def prepare(self, message):
        """Tokenizes a trial's prompts; `None` is one that goes on with what is said before it."""
        if "windows" in message:
            wanted = message["windows"]
            most = self.context_size - self.beside_window
            if wanted["context"] > most:
                beside = f" and {self.beside_window} token beside it" if self.beside_window else ""
                raise self.overflow(f"a window of {wanted['context']} tokens{beside}", wanted["context"] + self.beside_window)
            windows = self.prompts.windows(wanted["text"], wanted["context"], wanted.get("chunks"))
            scoring = wanted.get("scoring")
            self.jobs = [
                {"prompt": window, "window": True, "scoring": scoring, "file": f"window-{at + 1}.pt"}
                for at, window in enumerate(windows)
            ]
        else:
            self.jobs = [self.job(job) for job in message["jobs"]]
        self.lines.say(kind="prepared", prompts=[len(job["prompt"] or []) for job in self.jobs])

    def job(self, job):
        if "messages" in job:
            prompt = self.prompts.of_chat(job["messages"])
        elif "text" in job:
            prompt = self.prompts.of_text(job["text"])
        else:
            prompt = None
        if prompt is not None:
            self.assert_fits(job["promptId"], prompt, job)
        return job | {"prompt": prompt}

    def assert_fits(self, what, prompt, job):
        if len(prompt) == 0:
            raise Refusal("request-refused", f"{what} is empty, and the model has no token that begins a text: give it a text")
        if len(prompt) + job["maxTokens"] > self.context_size:
            raise self.overflow(what, len(prompt) + job["maxTokens"])

    def overflow(self, what, needs):
        return Refusal(
            "context-overflow",
            f"{what} needs {needs} tokens of context, backend.contextSize is {self.context_size}: raise it or ask for less",
        )

    def send(self, message):
        job = self.jobs[message["job"]]
        prompt = job["prompt"]
        try:
            if "messages" in message:
                prompt = self.prompts.of_chat(message["messages"])
                self.assert_fits(job["promptId"], prompt, job)
        except Refusal as refusal:
            return Request(self.lines, message, job, prompt or []).failed(refusal.reason, str(refusal))
        request = Request(self.lines, message, job, prompt)
        self.running[request.id] = request
        self.begin(request)

    def ended(self, request):
        self.running.pop(request.id, None)


class Scoring:
    """What a base says of a window is written for a model to be held against, or a model is held against it: `launch.ts` has the rules.

    A file per window, as torch saves it: the tokens, and of each scored one either ln p of the whole vocabulary, or, where an
    engine tells its likeliest only, these and their ln p.
    """

    def __init__(self, torch, request):
        self.torch, self.request = torch, request
        self.wanted = request.job.get("scoring")
        self.rows, self.nll, self.kld, self.same = [], [], [], []
        self.path, self.base = None, None
        if self.wanted is None:
            return
        self.path = os.path.join(self.wanted["folder"], request.job["file"])
        if self.wanted["as"] == "read":
            self.base = torch.load(self.path, weights_only=True)
            if self.base["ids"] != request.prompt:
                raise Refusal("request-refused", OTHER_TOKENS)

    def add_whole(self, row, target):
        """ln p of the whole vocabulary after a token, as 32-bit floats on both sides: a model is no distance from itself."""
        if self.wanted is None:
            return
        own = row.float().cpu()
        if self.base is None:
            self.rows.append(own)
            return
        base = self.base["rows"][len(self.nll)]
        if base.shape != own.shape:
            raise Refusal("request-refused", OTHER_TOKENS)
        self.nll.append(-base[target].item())
        wide = base.double()
        kept = wide > LEAST_LOG_PROBABILITY
        self.kld.append((wide[kept].exp() * (wide[kept] - own.double()[kept])).sum().item())
        self.same.append(int(base.argmax().item() == own.argmax().item()))

    def add_likeliest(self, told, target):
        """`told`: ln p by token, of the likeliest and of the one that follows; the first is the likeliest of all."""
        if self.wanted is None:
            return
        if self.base is None:
            self.rows.append([list(told.keys()), list(told.values())])
            return
        ids, values = self.base["rows"][len(self.nll)]
        base = dict(zip(ids, values))
        self.nll.append(-base[target])
        self.kld.append(least_divergence(base, told))
        self.same.append(int(ids[0] == next(iter(told))))

    def ended(self, is_bound=False):
        """What the model came to beside its base; nothing where it has none, or is one."""
        if self.wanted is None:
            return None
        if self.base is None:
            rows = self.torch.stack(self.rows) if not is_bound else self.rows
            self.torch.save({"ids": self.request.prompt, "rows": rows}, self.path)
            return None
        told = {
            "nll": [round(value, 6) for value in self.nll],
            "kld": [round(value, 9) for value in self.kld],
            "sameTop": self.same,
        }
        return told | ({"isBound": True} if is_bound else {})


def least_divergence(base, own):
    """A lower bound of KL(base || own), of tokens that both tell: all others are taken for one, which only brings the two closer."""
    both = base.keys() & own.keys()
    kld = sum(math.exp(base[token]) * (base[token] - own[token]) for token in both)
    rest = max(0.0, 1 - sum(math.exp(base[token]) for token in both))
    # Of sums of 32-bit floats no more is known of what is left: a larger rest of the model's makes a smaller bound.
    own_rest = max(SURE, 1 - sum(math.exp(own[token]) for token in both))
    return kld + (rest * math.log(rest / own_rest) if rest > SURE else 0.0)


class Transformers(Engine):
    """`model.generate` with a streamer: each client's requests in a thread of its own, all in one interpreter."""

    beside_window = 0

    def __init__(self, lines, start):
        super().__init__(lines, start)
        began = now()
        self.torch = torch = module("torch", (2, 4), pip("torch"))
        transformers = module("transformers", (4, 56), pip("transformers"))
        self.generation_config = transformers.GenerationConfig
        imported = now()
        self.device = self.found_device(start["accelerator"])
        torch.set_num_threads(start["threads"])
        self.config, tokenizer, ends = model_parts(transformers, start)
        self.prompts = Prompts(tokenizer, ends)
        self.context_size = start["contextSize"]
        assert_model_has(self.context_size, self.config)
        self.model = self.loaded(transformers)
        # Its file may ask for sampling, penalties or lengths that nobody asked for here.
        self.model.generation_config = transformers.GenerationConfig()
        self.streamer = streamer_class(transformers)
        self.threads = {}
        self.import_ns, self.load_ns = imported - began, now() - imported
        self.versions = {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__}

    def found_device(self, accelerator):
        torch = self.torch
        if accelerator == "cpu":
            return "cpu"
        if accelerator == "cuda" and torch.cuda.is_available():
            return "cuda"
        if accelerator == "metal" and torch.backends.mps.is_available():
            return "mps"
        raise Refusal(
            "accelerator-missing",
            f"asked for {accelerator}, torch {torch.__version__} sees none: install its build for that (https://pytorch.org/get-started), or choose other hardware",
        )

    def loaded(self, transformers):
        wanted = {"dtype": self.start["dtype"], "local_files_only": True} | self.start["args"]
        model = transformers.AutoModelForCausalLM.from_pretrained(self.start["model"], **wanted)
        if getattr(model, "hf_device_map", None) is None:
            model = model.to(self.device)
        return model.eval()

    def facts(self):
        model, torch = self.model, self.torch
        linear = collections.Counter(type(each).__name__ for each in model.modules() if "Linear" in type(each).__name__)
        quantization = getattr(self.config, "quantization_config", None)
        settings = {
            "dtype": str(model.dtype).removeprefix("torch."),
            "attention": model.config._attn_implementation,
            "linear": ", ".join(f"{name} x {count}" for name, count in sorted(linear.items())),
        }
        if quantization is not None:
            named = quantization if isinstance(quantization, dict) else quantization.to_dict()
            settings["quantization"] = str(named.get("quant_method"))
        devices = [torch.cuda.get_device_name(at) for at in range(torch.cuda.device_count())] if self.device == "cuda" else []
        return {
            "versions": self.versions,
            "accelerator": {"mps": "metal"}.get(self.device, self.device),
            "devices": devices,
            "threads": torch.get_num_threads(),
            "contextSize": self.context_size,
            "settings": settings,
        }

    def run(self):
        """Requests have threads of their own: nothing is left to do here."""
        threading.Event().wait()

    def begin(self, request):
        if request.client not in self.threads:
            # One thread for all requests of a client: the threads that compute for it are made once.
            self.threads[request.client] = inbox = queue.SimpleQueue()
            threading.Thread(target=self.serve, args=(inbox,), daemon=True).start()
        self.threads[request.client].put(request)

    def stop(self, request):
        request.stopped = True

    def serve(self, inbox):
        while True:
            request = inbox.get()
            try:
                if "window" in request.job:
                    self.score(request)
                else:
                    self.generate(request)
            except Exception as error:
                traceback.print_exc()
                request.failed(reason_of(error, self.torch), first_line(error))
            finally:
                self.ended(request)

    def generate(self, request):
        torch, job, prompts = self.torch, request.job, self.prompts
        ends = set() if job["fixed"] else prompts.ends
        options = {"max_new_tokens": job["maxTokens"], "do_sample": job["temperature"] > 0, "use_cache": True}
        if ends:
            options |= {"eos_token_id": sorted(ends), "pad_token_id": min(ends)}
        if job["temperature"] > 0:
            options |= {"temperature": job["temperature"], "top_k": job["topK"], "top_p": job["topP"]}
            options |= {"min_p": job["minP"]} if job["minP"] > 0 else {}
            torch.manual_seed(job["seed"])
        watch = StopWatch(job["stop"], prompts.text_of)
        streamer = self.streamer(request, ends, watch)
        inputs = torch.tensor([request.prompt], device=self.device)
        try:
            if not request.stopped:
                self.model.generate(
                    inputs,
                    attention_mask=torch.ones_like(inputs),
                    generation_config=self.generation_config(**options),
                    streamer=streamer,
                )
        except Enough:
            pass
        request.written(prompts.text_of, ends, streamer.found)

    def score(self, request):
        """The second half of a window: the logits at n/2 .. n-2 against the tokens after them."""
        torch, ids = self.torch, request.prompt
        first = len(ids) // 2
        with torch.inference_mode():
            inputs = torch.tensor([ids], device=self.device)
            logits = self.model(inputs, use_cache=False, logits_to_keep=len(ids) - first).logits[0, -(len(ids) - first) : -1]
            targets = inputs[0, first + 1 :].tolist()
            scoring = Scoring(torch, request)
            nll = []
            for row, target in zip(logits, targets):
                own = row.double().log_softmax(-1) if self.device != "mps" else row.log_softmax(-1)
                nll.append(-own[target].item())
                scoring.add_whole(own, target)
        self.scored(request, nll, scoring.ended())

    @staticmethod
    def scored(request, nll, base=None):
        done_at = now()
        if request.stopped:
            return request.done(done_at, status="failed", reason="stopped", detail="stopped before its end")
        if not all(math.isfinite(value) for value in nll):
            return request.failed("engine-error", "the engine gave no probability for a token of a window")
        return request.done(done_at, status="ok", finish="length", nll=[round(value, 6) for value in nll], **({"base": base} if base else {}))


class Enough(Exception):
    """Ends a generation from inside its streamer: that costs a request that runs to its end nothing."""


def streamer_class(transformers):
    from transformers.generation.streamers import BaseStreamer

    class Streamer(BaseStreamer):
        def __init__(self, request, ends, watch):
            self.request, self.ends, self.watch = request, ends, watch
            self.has_prompt = self.found = False

        def put(self, value):
            at = now()
            if not self.has_prompt:
                self.has_prompt = True
                return
            request = self.request
            request.add([int(value[0])], at, self.ends)
            self.found = self.watch.found_in(request.ids)
            if self.found or request.stopped:
                raise Enough

        def end(self):
            pass

    return Streamer


class VllmOffline(Engine):
    """vLLM's `LLM` class: all requests in one loop, batched as it does that."""

    beside_window = 1  # it always writes a token

    def __init__(self, lines, start):
        super().__init__(lines, start)
        self.set_environment(start)
        began = now()
        self.torch = torch = module("torch", (2, 4), pip("vllm"))
        self.vllm = vllm = module("vllm", (0, 11), pip("vllm"))
        transformers = module("transformers", (4, 56), pip("vllm"))
        from vllm.platforms import current_platform
        from vllm.sampling_params import RequestOutputKind

        self.kinds = RequestOutputKind
        self.device = current_platform.device_type
        imported = now()
        if self.device != start["accelerator"]:
            raise Refusal(
                "accelerator-missing",
                f"asked for {start['accelerator']}, vLLM {vllm.__version__} computes on {self.device or 'nothing that is here'}: install its build for that (https://docs.vllm.ai/en/latest/getting_started/installation), or choose other hardware",
            )
        config, tokenizer, ends = model_parts(transformers, start)
        if not {"hf_overrides", "max_model_len"} & start["args"].keys():
            assert_model_has(start["contextSize"], config)
        self.prompts = Prompts(tokenizer, ends)
        self.options = self.wanted(start)
        self.likeliest = start.get("likeliest", 0)
        self.llm = vllm.LLM(**self.options)
        self.engine = self.llm.llm_engine
        self.context_size = self.engine.model_config.max_model_len
        self.inbox = queue.SimpleQueue()
        self.watches = {}
        self.import_ns, self.load_ns = imported - began, now() - imported
        self.versions = {"python": platform.python_version(), "torch": torch.__version__}
        self.versions |= {"transformers": transformers.__version__, "vllm": vllm.__version__}

    @staticmethod
    def set_environment(start):
        for name in ("VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"):
            os.environ.setdefault(name, "1")
        # As in a notebook: the engine's core in a process of its own.
        os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "1")
        if start["accelerator"] == "cpu" and hasattr(os, "sched_getaffinity"):
            cores = sorted(os.sched_getaffinity(0))[: start["threads"]]
            os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", ",".join(str(core) for core in cores))

    @staticmethod
    def wanted(start):
        options = {
            "model": start["model"],
            "dtype": start["dtype"],
            "max_model_len": start["contextSize"],
            # No output may come from a prompt that was answered before, and the model's files ask for nothing.
            "enable_prefix_caching": False,
            "generation_config": "vllm",
            "disable_log_stats": False,
        }
        if start.get("likeliest"):
            options["max_logprobs"] = start["likeliest"]
        if start["accelerator"] == "cpu" and "VLLM_CPU_KVCACHE_SPACE" not in os.environ:
            options["kv_cache_memory_bytes"] = 2**30  # left to itself it takes most of the machine's memory
        return options | start["args"]

    def facts(self):
        model, cache = self.engine.model_config, self.engine.vllm_config.cache_config
        settings = {
            "dtype": str(model.dtype).removeprefix("torch."),
            "multiprocessing": os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"],
            "eager": bool(model.enforce_eager),
            "prefixCaching": bool(cache.enable_prefix_caching),
            "kv_cache_dtype": str(cache.cache_dtype),
        }
        if model.quantization is not None:
            settings["quantization"] = str(model.quantization)
        if cache.kv_cache_memory_bytes is not None:
            settings["kvCacheBytes"] = cache.kv_cache_memory_bytes
        is_apart = settings["multiprocessing"] != "0"
        if self.device == "cpu" and is_apart:
            settings["ompThreadsBind"] = os.environ.get("VLLM_CPU_OMP_THREADS_BIND", "auto")
        devices = [self.torch.cuda.get_device_name(at) for at in range(self.torch.cuda.device_count())] if self.device == "cuda" else []
        return {
            "versions": self.versions,
            "accelerator": self.device,
            "devices": devices,
            # Of a core in another process its log knows them.
            **({} if is_apart else {"threads": self.torch.get_num_threads()}),
            "contextSize": self.context_size,
            "settings": settings,
        }

    def begin(self, request):
        self.inbox.put(("begin", request))

    def stop(self, request):
        self.inbox.put(("stop", request))

    def run(self):
        while True:
            idle = not self.engine.has_unfinished_requests()
            while idle or not self.inbox.empty():
                self.take(*self.inbox.get())
                idle = not self.engine.has_unfinished_requests()
            try:
                outputs = self.engine.step()
            except Exception as error:
                traceback.print_exc()
                # The engine is not used again: nobody knows what state it is in.
                self.lines.say(kind="broken", reason=reason_of(error, self.torch), detail=f"vLLM broke off: {first_line(error)}")
                return threading.Event().wait()
            at = now()
            for output in outputs:
                self.took(output, at)

    def take(self, what, request):
        if what == "begin":
            try:
                self.engine.add_request(request.id, {"prompt_token_ids": request.prompt}, self.sampling(request.job))
            except Exception as error:
                traceback.print_exc()
                self.ended(request)
                request.failed("request-refused", first_line(error))
        elif request.id in self.running:
            request.stopped = True
            self.engine.abort_request([request.id])
            self.ended(request)
            if "window" in request.job:
                return Transformers.scored(request, [])
            request.written(self.prompts.text_of, self.ends_of(request), False)

    def ends_of(self, request):
        return set() if request.job["fixed"] else self.prompts.ends

    def sampling(self, job):
        params = self.vllm.SamplingParams
        if "window" in job:
            return params(
                max_tokens=1, temperature=0, prompt_logprobs=self.told(job), detokenize=False, output_kind=self.kinds.FINAL_ONLY
            )
        options = {"max_tokens": job["maxTokens"], "temperature": job["temperature"], "ignore_eos": job["fixed"]}
        if job["temperature"] > 0:
            options |= {"top_k": job["topK"], "top_p": job["topP"], "min_p": job["minP"], "seed": job["seed"]}
        if not job["fixed"]:
            options["stop_token_ids"] = sorted(self.prompts.ends)
        if job["stop"]:
            options["stop"] = job["stop"]
        return params(output_kind=self.kinds.DELTA, **options)

    def took(self, output, at):
        request = self.running.get(output.request_id)
        if request is None:
            return
        if "window" in request.job:
            ids, first = request.prompt, len(request.prompt) // 2
            self.ended(request)
            given = output.prompt_logprobs
            nll = [-given[at][ids[at]].logprob for at in range(first + 1, len(ids))]
            try:
                return Transformers.scored(request, nll, self.against_base(request, given))
            except Refusal as refusal:
                return request.failed(refusal.reason, str(refusal))
        written = output.outputs[0]
        request.add(list(written.token_ids), at, self.ends_of(request))
        if output.finished:
            self.ended(request)
            found = written.finish_reason == "stop" and isinstance(written.stop_reason, str)
            self.finished(request, output, found)

    def told(self, job):
        """How many of its likeliest tokens are told of each of a prompt's."""
        return 0 if job["scoring"] is None else self.likeliest

    def against_base(self, request, given):
        ids = request.prompt
        scoring = Scoring(self.torch, request)
        if request.job["scoring"] is None:
            return None
        for at in range(len(ids) // 2 + 1, len(ids)):
            # Of equals that with the smaller number, as an argmax has it.
            ranked = sorted(given[at].items(), key=lambda item: (-item[1].logprob, item[0]))
            scoring.add_likeliest({token: told.logprob for token, told in ranked}, ids[at])
        return scoring.ended(is_bound=True)

    def finished(self, request, output, found):
        metrics, engine = output.metrics, None
        cached = output.num_cached_tokens or 0
        if metrics is not None and metrics.first_token_ts > 0:
            prompt_ms = (metrics.first_token_ts - metrics.scheduled_ts) * 1000
            engine = {"promptTokens": len(request.prompt) - cached, "promptMs": round(prompt_ms, 3)}
            if metrics.num_generation_tokens > 1:
                engine["decodeTokens"] = metrics.num_generation_tokens - 1
                engine["decodeMs"] = round((metrics.last_token_ts - metrics.first_token_ts) * 1000, 3)
        request.written(self.prompts.text_of, self.ends_of(request), found, engine, cached)

    def close(self):
        self.engine.engine_core.shutdown()


def reason_of(error, torch):
    out_of_memory = isinstance(error, MemoryError) or (torch is not None and isinstance(error, torch.OutOfMemoryError))
    said = str(error).lower()
    if out_of_memory or "out of memory" in said or "can't allocate memory" in said or "not enough memory" in said:
        return "out-of-memory"
    if "kv cache" in said and "memory" in said:
        return "out-of-memory"
    return "engine-error"


def refusal_of(error, start):
    """What went wrong while the engine started, in words for whoever wrote the experiment."""
    if isinstance(error, Refusal):
        return error.reason, str(error)
    said = first_line(error)
    reason = reason_of(error, sys.modules.get("torch"))
    if reason == "out-of-memory":
        return reason, said
    if isinstance(error, TypeError) and "unexpected keyword argument" in said:
        return "start-failed", f"backend.args has what {start['engine']} does not take: {said}"
    if isinstance(error, ImportError):
        return "start-failed", f"a module is lacking: {said}"
    if isinstance(error, (ValueError, OSError, KeyError)):
        detail = next((line for line in str(error).splitlines() if "Error" in line or "error," in line), said)
        return "start-failed", f"{start['engine']} does not take this model with these settings: {detail.strip()[:500]}"
    return "start-failed", f"{start['engine']} did not start: {said}"


def quit_all(engine=None):
    """Ends this process and all that it has started, in order where that is quick."""

    def kill():
        os.killpg(os.getpgrp(), signal.SIGKILL)

    timer = threading.Timer(QUIT_SECONDS, kill)
    timer.daemon = True
    timer.start()
    try:
        if hasattr(engine, "close"):
            engine.close()
    except Exception:
        traceback.print_exc()
    kill()


def started(lines, start):
    engines = {"transformers": Transformers, "vllm-offline": VllmOffline}
    path = start["model"]
    if not os.path.exists(os.path.join(path, "config.json")):
        raise Refusal(
            "artifact-missing",
            f"{path} is not a model's folder as Hugging Face has it (there is no config.json): {start['engine']} needs one, with safetensors",
        )
    return engines[start["engine"]](lines, start)


def listen(lines, box):
    """Takes what is said until nobody is there any more."""
    for line in lines.heard:
        message = json.loads(line)
        kind, engine = message["kind"], box.get("engine")
        if kind == "clock":
            lines.say(kind="clock", now=now())
        elif kind == "start":
            box["start"].put(message)
        elif kind == "prepare":
            try:
                engine.prepare(message)
            except Refusal as refusal:
                lines.say(kind="refused", reason=refusal.reason, detail=str(refusal))
        elif kind == "send":
            engine.send(message)
        elif kind == "stop" and message["id"] in engine.running:
            engine.stop(engine.running[message["id"]])
    quit_all(box.get("engine"))


def listening(lines, box):
    try:
        listen(lines, box)
    except BaseException:
        traceback.print_exc()
        quit_all()


def main():
    lines = Lines()
    box = {"start": queue.SimpleQueue()}
    threading.Thread(target=listening, args=(lines, box), daemon=True).start()
    start = box["start"].get()
    try:
        box["engine"] = engine = started(lines, start)
        lines.say(kind="ready", **engine.facts(), importMs=engine.import_ns / 1e6, loadMs=engine.load_ns / 1e6)
    except Exception as error:
        traceback.print_exc()
        reason, detail = refusal_of(error, start)
        lines.say(kind="refused", reason=reason, detail=detail)
        return threading.Event().wait()  # whoever started it ends it
    engine.run()


# Processes that vLLM starts may import this file.
if __name__ == "__main__":
    main()
