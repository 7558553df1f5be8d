# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs for a terminal, each in one of a private tmux: what is on the screen is compared with
what should be there."""
import os
import shlex
import subprocess
import time

PATIENCE = 30


class Terminals:
    """`with Terminals(folder) as terminals:` a tmux of its own, which nobody's settings touch."""

    def __init__(self, folder):
        self.folder, self.socket = folder, os.path.join(folder, "tmux")
        self.server, self.started = None, []
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("TMUX", "TMUX_PANE", "XMPP_PASSWORD")}
        self.environment.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC")

    def __enter__(self):
        self.server = subprocess.Popen(  # -D: it does not leave us, and so it ends when we do
            ["setpriv", "--pdeathsig", "KILL", "--", *self._command("-D")], env=self.environment,
            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._is_set() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(PATIENCE)
        for terminal in self.started:  # which leave something in the folder until they end
            terminal.wait(terminal.shell)

    def _is_set(self):
        """Whether it answers, and has been told how to be."""
        return self._run("set", "-g", "status", "off", ";",
                         "set", "-g", "remain-on-exit", "on").returncode == 0

    def _command(self, *arguments):
        return ["tmux", "-S", self.socket, "-f", "/dev/null", "-u", *arguments]

    def _run(self, *arguments):
        return subprocess.run(self._command(*arguments), env=self.environment, capture_output=True,
                              text=True, timeout=PATIENCE, check=False)

    def tmux(self, *arguments):
        done = self._run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def start(self, name, command, width, height, **environment):
        """A terminal in which a command runs, between two looks at the terminal's modes."""
        self.started.append(Terminal(self, name, command, width, height, environment))
        return self.started[-1]


class Terminal:
    """One of them."""

    def __init__(self, terminals, name, command, width, height, environment):
        self.terminals, self.name, self.command = terminals, name, command
        self.width, self.height = width, height
        self._path = os.path.join(terminals.folder, name)
        self.shell = terminals.tmux(
            "new-session", "-d", "-P", "-F", "#{pane_pid}", "-s", name, "-x", str(width),
            "-y", str(height), "sh", "-c", self._script(environment))

    def _script(self, environment):
        """Notes the modes, runs the command, notes its status and the modes again. It outlives its
        terminal, else the kernel would send the command a SIGCONT while that ends, which a leak
        check does not bear."""
        variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        path = self._path
        return (f"trap '' HUP; ulimit -c 0; stty -a >{path}.before; echo before;"
                f"env -u LC_ALL {variables} sh -c 'echo $$ >{path}.pid; exec \"$@\"' -"
                f" {shlex.join(self.command)}; echo $? >{path}.status; stty -a >{path}.after;"
                f"mv {path}.status {path}.ended; exec cat")

    def type(self, text, *keys):
        """Types that, and presses keys by tmux's names, such as Enter."""
        if text:
            self.terminals.tmux("send-keys", "-t", self.name, "-l", text)
        if keys:
            self.terminals.tmux("send-keys", "-t", self.name, *keys)

    def resize(self, width, height):
        self.width, self.height = width, height
        self.terminals.tmux("resize-window", "-t", self.name, "-x", str(width), "-y", str(height))

    def screen(self):
        return self.terminals.tmux("capture-pane", "-p", "-t", self.name)

    def facts(self):
        """The terminal's own state: alternate screen, cursor, wrapping."""
        return self.terminals.tmux("display-message", "-p", "-t", self.name,
                                   "#{alternate_on} #{cursor_flag} #{wrap_flag}").strip()

    def signal(self, name):
        subprocess.run(["kill", f"-{name}", self._read("pid").strip()], check=True)

    def until(self, condition, wanted):
        """Waits until that holds for the screen: the screen."""
        deadline = time.monotonic() + PATIENCE
        while not condition(screen := self.screen()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: wanted\n{wanted}\nbut there is\n{screen}")
            time.sleep(0.02)
        return screen

    def shows(self, *texts):
        return self.until(lambda screen: all(text in screen for text in texts), "\n".join(texts))

    def is_exactly(self, *rows):
        """The whole screen; in a row that ends in `*` anything may follow."""
        self.until(lambda screen: all(map(fits, screen.split("\n"), rows)), "\n".join(rows))

    def close(self):
        """Takes the terminal away, and waits until the command has ended."""
        process = self._read("pid")
        self.terminals.tmux("kill-session", "-t", self.name)
        self.wait(process)

    def wait(self, process):
        deadline = time.monotonic() + PATIENCE
        while runs(process.strip()):
            assert time.monotonic() < deadline, f"{self.name} does not end"
            time.sleep(0.02)

    def end(self):
        """Waits until the command has ended: its exit status."""
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(f"{self._path}.ended"):
            assert time.monotonic() < deadline, f"{self.name} does not end:\n{self.screen()}"
            time.sleep(0.02)
        return int(self._read("ended"))

    def what_is_left(self):
        """Yields what is not as it was before the command."""
        before, after = self._read("before"), self._read("after")
        if before != after:
            yield f"{self.name}: the modes were\n{before}\nand are\n{after}"
        if self.facts() != "0 1 1":
            yield f"{self.name}: alternate screen, cursor, wrapping: {self.facts()}"
        if not self.screen().startswith("before\n"):
            yield f"{self.name}: the screen is\n{self.screen()}"

    def _read(self, ending):
        with open(f"{self._path}.{ending}", encoding="utf-8") as file:
            return file.read()


def fits(row, wanted):
    return row.startswith(wanted[:-1]) if wanted.endswith("*") else row == wanted


def runs(process):
    """Whether there is such a process, and it has not ended."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
