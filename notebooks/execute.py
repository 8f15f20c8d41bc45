"""Executes notebooks in their folders and says what went wrong where. `benchbook notebook run` starts it.

usage: execute.py TIMEOUT_S FROM TO [FROM TO ...]: reads FROM; writes TO, with outputs, where everything ran, and beside it
(TO with .failed before its ending) what there was where not. Exits with the number of notebooks that failed.
"""

import atexit
import os
import sys
from queue import Empty

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async

# tslab prints these and goes on: the cell counts as executed.
QUIET_FAILURES = ("UncaughtException:", "UnhandledPromiseRejection:")


# For an answer that a live kernel has at once, unless its cell left it computing.
ANSWER_S = 60


class Client(NotebookClient):
    """Takes in what a cell shows after its end too: a rejection that nobody handles is told a turn later."""

    async def async_execute_cell(self, cell, cell_index, *args, **options):
        cell = await super().async_execute_cell(cell, cell_index, *args, **options)
        if cell.cell_type == "code":
            await self.take_late(cell, cell_index)
        return cell

    async def take_late(self, cell, cell_index):
        """Reads on to the answer to a question that is asked now: what came before it has been shown by then."""
        asked = await ensure_async(self.kc.kernel_info())
        while True:
            try:
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=ANSWER_S))
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                if message["parent_header"].get("msg_id") == asked:
                    return
            except Empty:
                return


def stderr_of(cells):
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]


def quiet_failures(cells):
    """From the line on that tells of one: a cell may have written to stderr before it."""
    for text in stderr_of(cells):
        lines = text.splitlines(keepends=True)
        at = next((at for at, line in enumerate(lines) if line.startswith(QUIET_FAILURES)), None)
        if at is not None:
            yield "".join(lines[at:])


def reason_of(notebook, error):
    """What the cell that failed wrote; nbclient itself says only that it failed."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.get("outputs")]
    written = "".join(stderr_of(ran[-1:])).strip()
    return written or f"{type(error).__name__}: {error}".strip()


def execute(notebook, source, timeout):
    """Executes it in its folder; why it failed, or None."""
    folder = os.path.dirname(os.path.abspath(source))
    # The times at which cells ran would make every execution differ.
    client = Client(notebook, timeout=timeout, resources={"metadata": {"path": folder}}, record_timing=False)
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return reason_of(notebook, error)
    except (NoSuchKernel, RuntimeError) as error:
        atexit.unregister(client._cleanup_kernel)  # it fails where there is nothing to clean up
        return f"its kernel did not start: {error}"
    return next(quiet_failures(notebook.cells), None)


def read(source):
    """The notebook, and None; or None, and why it is none."""
    try:
        return nbformat.read(source, as_version=4), None
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        return None, str(error).split("\n")[0]


def main(timeout, *paths):
    failed = 0
    for source, target in zip(paths[::2], paths[1::2]):
        notebook, unreadable = read(source)
        if notebook is None:
            failed += 1
            print(f"{source} is no notebook: {unreadable}", file=sys.stderr, flush=True)
            continue
        reason = execute(notebook, source, int(timeout))
        if reason is not None:
            failed += 1
            root, ending = os.path.splitext(target)
            target = f"{root}.failed{ending}"
            print(f"{source} failed; what there was is in {target}:\n{reason.rstrip()}", file=sys.stderr, flush=True)
        nbformat.write(notebook, target)
        if reason is None:
            print(target, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
