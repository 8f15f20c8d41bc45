"""Speaks as python-engine.py does, and misbehaves as the model's path asks it to."""

import json
import os
import sys
import time

how = None
for line in sys.stdin:
    message = json.loads(line)
    say = lambda **said: print(json.dumps(said), flush=True)
    if message["kind"] == "clock":
        say(kind="clock", now=time.monotonic_ns() + (0 if "OTHER_CLOCK" not in os.environ else 10**15))
    elif message["kind"] == "start":
        how = message["model"]
        if how == "exits":
            print("ValueError: the last line of the log", file=sys.stderr)
            sys.exit(3)
        if how == "tells":
            print("the token is", os.environ["TOKEN"], "in", os.path.expanduser("~/x"), file=sys.stderr)
            sys.exit(1)
        if how == "refuses":
            say(kind="refused", reason="start-failed", detail="no module torch: pip install torch")
        else:
            say(kind="ready", versions={"python": "3", "torch": "2", "transformers": "5"}, accelerator="cpu", devices=[],
                threads=message["threads"], contextSize=message["contextSize"], settings={"dtype": message["dtype"]}, importMs=1, loadMs=2)
    elif message["kind"] == "prepare":
        say(kind="prepared", prompts=[4 for _ in message["jobs"]])
    elif message["kind"] == "send":
        at = time.monotonic_ns() + (0 if "OTHER_CLOCK" not in os.environ else 10**15)
        if how == "dies":
            os.kill(os.getpid(), 9)
        if how == "babbles":
            print("Loading weights: 100%", flush=True)
        if how == "breaks":
            say(kind="broken", reason="out-of-memory", detail="vLLM broke off: out of memory")
        if how.startswith("breaks off"):
            print("(EngineCore pid=1) ERROR 11-22 03:24:24 [core.py:1] " + how.removeprefix("breaks off: "), file=sys.stderr, flush=True)
            dead = "vLLM broke off: EngineCore encountered an issue. See stack trace (above) for the root cause."
            say(kind="broken", reason="engine-error", detail=dead)
        if how == "fails":
            print("asked with", os.environ["TOKEN"], file=sys.stderr, flush=True)
            say(kind="done", id=message["id"], sent=at, done=at + 9000, promptTokens=4, told=0, status="failed", reason="engine-error",
                detail="\x1b[31m" + os.environ["TOKEN"])
        if how in ("works",):
            say(kind="content", id=message["id"], at=[at + 1000])
            said = json.dumps(message.get("messages", []))
            say(kind="done", id=message["id"], sent=at, done=at + 9000, promptTokens=4, told=1, status="ok", finish="length",
                at=[at + 1000, at + 5000], tokens=[1, 2], outputTokens=3, output=said)
