# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples as programs that are run against a server. Knows their options and what they print,
nothing of a server."""
import json
import os
import queue
import re
import subprocess
import threading
import time

PATIENCE = 60


class Programs:
    """The examples of one build, told where the server is."""

    def __init__(self, folder, host, port, ca_file):
        self.folder, self.host, self.port, self.ca_file = folder, host, port, ca_file

    def at(self, host=None, port=None, ca_file=None):
        """The same, at another place, or with another authority; "" is the system's."""
        return Programs(self.folder, host or self.host, port or self.port,
                        self.ca_file if ca_file is None else ca_file)

    def command(self, name, *arguments, options=()):
        address = f"[{self.host}]" if ":" in self.host else self.host
        trust = ["--ca", self.ca_file] if self.ca_file else []
        return [os.path.join(self.folder, name), "--server", f"{address}:{self.port}", *trust,
                *options, *arguments]

    def run(self, name, *arguments, password, options=(), text=None):
        """Runs to the end: what subprocess.run() gives."""
        return subprocess.run(self.command(name, *arguments, options=options), input=text or "",
                              env=environment(password), capture_output=True, text=True,
                              timeout=PATIENCE, check=False)

    def hello(self, jid, password):
        command = [os.path.join(self.folder, "hello"), jid, self.host, str(self.port)]
        return subprocess.run(command + ([self.ca_file] if self.ca_file else []),
                              env=environment(password), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)

    def console(self, jid, password, *options):
        return Console(self.command("xmpp_console", jid, options=options), password)


def environment(password):
    """That of the test, with the password in it or without any."""
    kept = {name: value for name, value in os.environ.items() if name != "XMPP_PASSWORD"}
    return {**kept, "XMPP_PASSWORD": password} if password is not None else kept


def good(done, *texts):
    """Yields what is wrong with a program that should have ended well and printed that."""
    if done.returncode != 0:
        yield f"exit status {done.returncode}: {done.stdout}{done.stderr}"
    for text in texts:
        if not re.search(text, done.stdout):
            yield f"/{text}/ is not in {done.stdout!r}"


class Console:
    """An xmpp_console that runs: lines go in, JSON objects come out."""

    def __init__(self, command, password):
        self.process = subprocess.Popen(command, env=environment(password), text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.events, self.seen, self.errors = queue.Queue(), [], []
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put(None)

    def _read_errors(self):
        self.errors.extend(self.process.stderr)

    def say(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def expect(self, event, **fields):
        """The next object with that event and those fields; what comes before it is passed by."""
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            try:
                found = self.events.get(timeout=left)
            except queue.Empty:
                break
            assert found is not None, f"ended before {event} {fields}: {self.told()}"
            self.seen.append(found)
            if found["event"] == event and fields.items() <= found.items():
                return found
        raise AssertionError(f"no {event} {fields}: {self.told()}")

    def told(self):
        return "".join(f"\n{one}" for one in self.seen[-20:]) + "\n" + "".join(self.errors)

    def login(self):
        """Connects; the facts of the session."""
        self.say("connect")
        facts = self.expect("facts")
        assert facts["jid"], self.told()
        return facts

    def fail(self):
        """Connects, which must end offline with an error: that object. It never was online."""
        self.say("connect")
        error = self.expect("error")
        assert not any(one.get("state") == "online" for one in self.seen), self.told()
        assert error["code"] < 0, error
        return error

    def quit(self):
        """Says good-bye; the exit status."""
        self.say("quit")
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        assert not self.errors, "".join(self.errors)
        return status
