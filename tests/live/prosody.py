#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private Prosody on loopback, of Debian's package as it is: own authority, own accounts, free
port, in a folder of its own, never as root.

    prosody.py FOLDER    starts one, and says when it answers: "ready", host, port, domain, the
                         authority's file; stops it on SIGTERM
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

from authority import EXPIRED, Authority

PASSWORDS = {"alice": "alice's password", "bob": "pencil & paper"}
UNPRIVILEGED = "nobody"


# A Prosody that clients only log in to.
ALONE = """modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "version", "posix" }
modules_disabled = { "s2s" }
"""


class Host:
    """A domain that the server has: one way to be, so that one process shows them all."""

    def __init__(self, domain, tls="tlsv1_2+", certificate=None, authentication=None,
                 clients=None):
        self.domain, self.tls, self.certificate = domain, tls, certificate
        self.authentication = authentication
        self.clients = clients  # who signs the certificates of clients; None: they are not asked


def hosts_for_tests(folder):
    """The domains of the tests, and the authority to trust."""
    ours = Authority(os.path.join(folder, "ours"))
    stranger = Authority(os.path.join(folder, "stranger"), "stranger")
    return [
        Host("tls13.test", "tlsv1_3", ours.server("tls13.test")),
        Host("tls12.test", "tlsv1_2", ours.server("tls12.test")),
        Host("expired.test", certificate=ours.server("expired.test", lines=EXPIRED)),
        Host("othername.test", certificate=ours.server("othername.test", ["example.test"])),
        Host("stranger.test", certificate=stranger.server("stranger.test")),
        Host("notls.test", tls=None),
        Host("anonymous.test", certificate=ours.server("anonymous.test"),
             authentication="anonymous"),
        Host("external.test", certificate=ours.server("external.test"), authentication="ccert",
             clients=ours),
    ], ours


class Prosody:
    """`with Prosody(folder, hosts, ca_file) as server:` it answers on server.port, and if `direct`
    also on server.direct_port, there with TLS from the first byte. `services`: what it does beyond
    letting clients in, prosody_services.py."""

    def __init__(self, folder, hosts, ca_file, direct=False, services=None):
        self.folder, self.hosts, self.ca_file = folder, hosts, ca_file
        self.addresses = loopbacks()
        self.direct, self.services = direct, services
        self.port = self.direct_port = self.process = None
        self.log = os.path.join(folder, "prosody.log")

    def __enter__(self):
        for _ in range(5):  # the port may be gone again by the time it is wanted
            self.port = free_port(self.addresses)
            self.direct_port = free_port(self.addresses) if self.direct else None
            self._write()
            if self._start():
                return self
            self.__exit__()
        raise RuntimeError("Prosody does not answer:\n" + self.said() + read(self._path("stdout")))

    def _start(self):
        self.process = subprocess.Popen(
            as_unprivileged("prosody", "-F", "--config", self._path("prosody.cfg.lua")),
            cwd=self.folder, stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=open(self._path("stdout"), "wb"), stderr=subprocess.STDOUT)
        return self._wait()

    def kill(self):
        """Ends it without a word, as a crash does."""
        self.process.kill()
        self.process.wait()

    def start_again(self):
        """Where it was, with what it had on its disk."""
        assert self._start(), self.said()

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self, since=0):
        """What is in its log from that offset on."""
        return read(self.log)[since:]

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self):
        os.makedirs(self._path("data"), exist_ok=True)
        with open(self._path("prosody.cfg.lua"), "w", encoding="utf-8") as file:
            file.write(configuration(self))
        for host in self.hosts:
            accounts = self._path(f"data/{escaped(host.domain)}/accounts")
            os.makedirs(accounts, exist_ok=True)
            for user, password in (self.services.accounts if self.services
                                   else PASSWORDS).items():
                with open(f"{accounts}/{user}.dat", "w", encoding="utf-8") as file:
                    file.write(f'return {{ ["password"] = "{password}" }};\n')
        give_to_unprivileged(self.folder)

    def _wait(self):
        """Until each domain has answered a stream header: an open port alone is too early."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            if all(answers(address, self.port, host.domain)
                   for address in self.addresses for host in self.hosts):
                return not self.direct or all(listens(address, self.direct_port)
                                              for address in self.addresses)
            time.sleep(0.05)
        return False


def configuration(server):
    addresses = ", ".join(f'"{address}"' for address in server.addresses)
    lines = [f"""-- made for one run
data_path = "{server.folder}/data"
log = {{ debug = "{server.log}" }}
interfaces = {{ {addresses} }}
c2s_ports = {{ {server.port} }}
c2s_direct_tls_ports = {{ {server.direct_port or ""} }}
network_backend = "epoll"
authentication = "internal_plain"
c2s_require_encryption = true
""", server.services.lines(server) if server.services else ALONE]
    for host in server.hosts:
        lines.append(f'VirtualHost "{host.domain}"\n')
        if host.authentication:
            lines.append(f'authentication = "{host.authentication}"\n')
        asks = f'cafile = "{host.clients.ca_file}", verify = {{ "peer" }},' if host.clients else ""
        if host.tls:
            certificate, key = host.certificate
            for name in ["ssl"] + ["c2s_direct_tls_ssl"] * server.direct:
                lines.append(f"""{name} = {{ protocol = "{host.tls}", certificate = "{certificate}",
        key = "{key}", {asks} }}
""")
        else:
            lines.append('modules_disabled = { "tls" }\nc2s_require_encryption = false\n')
    if server.services:
        lines.append(server.services.components(server))
    return "".join(lines)


def escaped(domain):
    """As Prosody names a folder."""
    return "".join(c if c.isalnum() and c.isascii() else f"%{ord(c):02x}" for c in domain)


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def loopbacks():
    """The loopback addresses that this machine has."""
    return [address for address in ("127.0.0.1", "::1") if can_bind(address, 0)]


def can_bind(address, port):
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as sock:
            sock.bind((address, port))
            return sock.getsockname()[1]
    except OSError:
        return None


def free_port(addresses):
    """A port that is free on each of the addresses."""
    while True:
        port = can_bind(addresses[0], 0)
        if all(can_bind(address, port) for address in addresses):
            return port


def listens(address, port):
    """Whether somebody does; Prosody opens all its ports before it answers on one."""
    try:
        socket.create_connection((address, port), timeout=3).close()
        return True
    except OSError:
        return False


def answers(address, port, domain):
    header = (f"<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' "
              "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
    try:
        with socket.create_connection((address, port), timeout=3) as sock:
            sock.sendall(header.encode())
            said = b""
            while b"<stream:features" not in said:
                piece = sock.recv(4096)
                if not piece:
                    return False
                said += piece
            return True
    except OSError:
        return False


def as_unprivileged(*command):
    """The command as it is run: by nobody if we are root, and not longer than we live."""
    if os.getuid() != 0:
        return ["setpriv", "--pdeathsig", "KILL", "--", *command]
    user = pwd.getpwnam(UNPRIVILEGED)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
            "--pdeathsig", "KILL", "--", *command]


def give_to_unprivileged(folder):
    if os.getuid() != 0:
        return
    user = pwd.getpwnam(UNPRIVILEGED)
    for where, folders, files in os.walk(folder):
        for name in [where] + [os.path.join(where, leaf) for leaf in folders + files]:
            os.chown(name, user.pw_uid, user.pw_gid)


def serve(folder):
    """One server with one domain, localhost, until SIGTERM or SIGINT."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ours = Authority(folder)
    hosts = [Host("localhost", certificate=ours.server("localhost"))]
    with Prosody(folder, hosts, ours.ca_file) as server:
        print("ready", server.addresses[0], server.port, "localhost", ours.ca_file, flush=True)
        server.process.wait()
        sys.exit("Prosody ended by itself:\n" + server.said())


if __name__ == "__main__":
    if not shutil.which("prosody"):
        sys.exit("prosody is not installed")
    os.umask(0o022)
    serve(os.path.abspath(sys.argv[1]))
