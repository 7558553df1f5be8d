# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs scenarios side by side: a server of the test's in a thread, the client program against it,
and what must hold whatever the server does. Arguments of a test: the client program."""
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import traceback

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "live")]
import tap  # noqa: E402
from authority import Authority  # noqa: E402
from login import DOMAIN, PASSWORD, USER  # noqa: E402
from peer import PATIENCE, Gone, Peer  # noqa: E402

WORKERS = 6
OPTIMISED = os.environ.get("XMPP_TEST_OPTIMISED") == "1"
CPU_MS_MAX = 50  # of one call, in the optimised build
NO_CALL = {"call": "none", "cpu_ms": 0.0, "wall_ms": 0.0}
STATE = {name: value for value, name in enumerate(
    "offline resolving connecting opening securing authenticating binding online closing".split())}
PHASE = {name: value for value, name in enumerate(
    "none dns tcp tls sasl bind stream session".split())}
LIMIT = {name: value for value, name in enumerate(
    "stanza_bytes depth attrs header_bytes queue_high queue_low turn_bytes turn_stanzas "
    "iterations_min iterations_max tcp tls stream sasl bind connect close request ask chain dns "
    "delay retry_first retry_most retry_stable retry_session probe".split())}


@dataclasses.dataclass
class Scenario:
    """`server(peer)` speaks; `expect(result)` yields what is wrong with what the client tells."""
    name: str
    server: object
    expect: object
    options: dict = dataclasses.field(default_factory=dict)
    limits: dict = dataclasses.field(default_factory=dict)
    turns: int = 300  # calls of process that are no busy loop
    heap: int = 2 << 20  # bytes above what the client had before it connected
    attempts: int = 1
    listen: object = None  # makes the listening socket
    around: object = None  # of the stage and its port a context manager that gives options
    is_dropped: bool = False  # the connection, in the middle: no terminal event is heard


class Stage:
    """What the scenarios share: certificates, the client, the longest calls."""

    def __init__(self, client, folder):
        self.client, self.folder = client, folder
        authority = Authority(folder)
        self.authority, self.ca_file = authority, authority.ca_file
        self.context = context(*authority.server(DOMAIN))
        self.longest = NO_CALL
        self.lock = threading.Lock()

    def command(self, scenario, port, more):
        options = {"port": port, "jid": f"{USER}@{DOMAIN}", "password": PASSWORD,
                   "ca": self.ca_file, "attempts": scenario.attempts, **scenario.options, **more}
        words = [f"{name}={value}" for name, values in options.items()
                 for value in (values if isinstance(values, list) else [values])
                 if value is not None]
        return [self.client, *words,
                *(f"limit.{LIMIT[name]}={value}" for name, value in scenario.limits.items())]

    def run(self, scenario):
        """What is wrong. Noise only ever adds to a time: the best of three counts."""
        for _ in range(3):
            problems, longest = self._run_once(scenario)
            if not OPTIMISED or longest["cpu_ms"] <= CPU_MS_MAX:
                break
        else:
            problems.append(f"the longest call: {longest}")
        with self.lock:
            self.longest = max(self.longest, longest, key=lambda one: one["cpu_ms"])
        return problems

    def _run_once(self, scenario):
        listen = scenario.listen or (lambda: socket.create_server(("127.0.0.1", 0)))
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(listen())
            listener.settimeout(PATIENCE)
            port = listener.getsockname()[1]
            more = stack.enter_context(scenario.around(self, port)) if scenario.around else {}
            problems, gone = [], threading.Event()
            server = threading.Thread(target=serve, args=(listener, scenario, problems, gone))
            server.start()
            done = subprocess.run(self.command(scenario, port, more), capture_output=True,
                                  text=True, check=False, timeout=PATIENCE + 10)
            gone.set()
            server.join(PATIENCE)
        if done.returncode or done.stderr or not done.stdout:
            problems.append(f"exit status {done.returncode}: {done.stderr[-4000:]}")
        if not done.stdout:
            return problems, NO_CALL
        result = json.loads(done.stdout)
        wrong = [*always(scenario, result), *scenario.expect(result)]
        return problems + wrong + ([done.stdout] if wrong else []), result["longest"]


def context(certificate, key, version=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    if version:
        made.maximum_version = version
    return made


def serve(listener, scenario, problems, gone):
    """One connection after the other, as many as the client makes."""
    for _ in range(scenario.attempts if scenario.server else 0):
        try:
            sock, _ = listener.accept()
        except OSError as error:
            problems.append(f"no client came: {error}")
            return
        with sock:
            try:
                scenario.server(Peer(sock, gone))
            except (Gone, OSError):
                pass  # the client may leave whenever it likes
            except Exception:
                problems.append(traceback.format_exc())


def always(scenario, result):
    """What holds whatever a server does."""
    for sin in result["sins"]:
        yield f"a call that can sleep: {sin}"
    if result["hung"]:
        yield "it never ended"
    if result["sockets"] < 1 and scenario.options.get("files") != 0:
        yield "the interposer saw no socket"
    if scenario.is_dropped:
        if result["offline"]:
            yield f"offline is told in {result['states']}"
    elif result["offline"] != scenario.attempts or result["states"][-1][0] != STATE["offline"]:
        yield f"{result['offline']} times offline in {result['states']}"
    if result["descriptors"]:
        yield f"{result['descriptors']} descriptors more than before"
    if result["requested"] != sum(result["answered"].values()) or (
            result["requested"] != result["destroyed"]):
        yield (f"{result['requested']} requests, answered {result['answered']}, "
               f"{result['destroyed']} destroyed")
    if result["turns"] > scenario.turns:
        yield f"{result['turns']} turns are a busy loop"
    if result["heap"] > scenario.heap:
        yield f"{result['heap']} bytes of heap"
    if re.search(r"(^|: )(.{6,}): \2$", result["message"]):
        yield f"it says things twice: {result['message']}"


def failed(error, phase, **more):
    """An expectation: it ended with that error in that phase, and those fields are so."""
    def check(result):
        found = (result["error"], result["phase"])
        if found != (error, PHASE[phase]):
            yield f"{found[0]} in phase {found[1]}, not {error} in {phase}"
        yield from fields(result, more)
    return check


def fields(result, wanted):
    for name, value in wanted.items():
        good = value(result[name]) if callable(value) else result[name] == value
        if not good:
            yield f"{name} is {result[name]}"


def main(make, workers=WORKERS):
    """`make(stage)` gives the scenarios; some run at once, and all are told in their order."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(sys.argv[1], folder)
        scenarios = make(stage)
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            done = [(one.name, pool.submit(stage.run, one))
                    for one in scenarios]
            checks = [(name, future.result) for name, future in done]
            concurrent.futures.wait([future for _, future in done])
        longest = stage.longest
        print(f"# longest call: {longest['call']} {longest['cpu_ms']:.1f} ms CPU, "
              f"{longest['wall_ms']:.1f} ms wall")
        tap.run(checks)
