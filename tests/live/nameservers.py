# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private nameserver (nsd) and a resolver that validates (unbound), of Debian's packages as they
are: on loopback, free ports, in a folder of their own, never as root. The names are zones.py's."""
import os
import re
import socket
import subprocess
import time

import wire
from prosody import as_unprivileged, give_to_unprivileged, loopbacks, read

HEAD = """$ORIGIN {name}.
$TTL 60
@   SOA ns admin 1 3600 600 86400 5
@   NS  ns
ns  A   127.0.0.1
"""
EXPIRED = ["-i", "20200101000000", "-e", "20200201000000"]


class Nameservers:
    """`with Nameservers(folder, zones, forgery) as names:` names.authority and names.resolver are
    the (address, port) of nsd and unbound; the latter is at the same port of each of
    names.addresses. `forgery`: what becomes what in the zones when they have been signed."""

    def __init__(self, folder, zones, forgery):
        self.folder, self.zones, self.forgery = folder, zones, forgery
        self.addresses = loopbacks()
        self.authority = self.resolver = None
        self.processes = []
        os.makedirs(folder, exist_ok=True)
        self._sign()

    def __enter__(self):
        for _ in range(5):  # the ports may be gone again by the time they are wanted
            self.authority = (self.addresses[0], free_port(self.addresses))
            self.resolver = (self.addresses[0], free_port(self.addresses))
            self._write("nsd.conf", nsd_conf(self))
            self._write("unbound.conf", unbound_conf(self))
            give_to_unprivileged(self.folder)
            self._start("nsd", "-d", "-c", self._path("nsd.conf"))
            self._start("unbound", "-d", "-c", self._path("unbound.conf"))
            if self._wait():
                return self
            self.__exit__()
        raise RuntimeError("no answer:\n" + read(self._path("nsd.out"))
                           + read(self._path("unbound.out")))

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w", encoding="ascii") as file:
            file.write(text)

    def _start(self, program, *arguments):
        with open(self._path(f"{program}.out"), "wb") as out:
            self.processes.append(subprocess.Popen(
                as_unprivileged(program, *arguments), cwd=self.folder, start_new_session=True,
                env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT))

    def _wait(self):
        """Until both answer."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and all(one.poll() is None for one in self.processes):
            if all(answers(server) for server in [self.authority] + [
                    (address, self.resolver[1]) for address in self.addresses]):
                return True
            time.sleep(0.02)
        return False

    # --- signing --------------------------------------------------------------------------------

    def _sign(self):
        """Writes the zones; those below others first, for what their parents say of them."""
        vouched = {}
        for zone in sorted(self.zones, key=lambda zone: -zone.name.count(".")):
            below = "".join(f"{name}. NS ns.{name}.\nns.{name}. A 127.0.0.1\n{vouched[name]}"
                            for name in vouched if name.endswith("." + zone.name))
            self._write(zone.name, HEAD.format(name=zone.name) + zone.text + below)
            vouched[zone.name] = self._sign_zone(zone) if zone.signing else ""

    def _sign_zone(self, zone):
        """What the parent has to say of it."""
        key = self._run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone.name).strip()
        self._run("ldns-signzone", *(EXPIRED if zone.signing == "expired" else []), "-f",
                  f"{zone.name}.signed", zone.name, key)
        signed = read(self._path(f"{zone.name}.signed"))
        for before, after in self.forgery.items():
            signed = re.sub(rf"(?<![\w.]){re.escape(before)}(?![\w.])", after, signed)
        self._write(zone.name, signed)
        self._write(f"{zone.name}.key", read(self._path(f"{key}.key")))
        digest = read(self._path(f"{key}.ds"))
        return digest if zone.signing != "strange" else strange(digest)

    def _run(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout


def strange(digest):
    """The record of another key: the digest is another."""
    head, data = digest.rstrip().rsplit(None, 1)
    return f"{head} {data.translate(str.maketrans('01234567', '76543210'))}\n"


def nsd_conf(names):
    address, port = names.authority
    return f"""server:
  ip-address: {address}@{port}
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{names.folder}"
  pidfile: "{names.folder}/nsd.pid"
  xfrdfile: "{names.folder}/xfrd.state"
  zonelistfile: "{names.folder}/zone.list"
  xfrdir: "{names.folder}"
  ipv4-edns-size: {wire.UDP_SIZE}
  rrl-ratelimit: 0
  verbosity: 1
remote-control:
  control-enable: no
""" + "".join(f'zone:\n  name: "{zone.name}"\n  zonefile: "{zone.name}"\n' for zone in names.zones)


def unbound_conf(names):
    """All the world is asked of nsd, which refuses what is not in its zones."""
    address, port = names.authority
    interfaces = "".join(f"  interface: {one}@{names.resolver[1]}\n" for one in names.addresses)
    stubs = "".join(f'stub-zone:\n  name: "{name}"\n  stub-addr: {address}@{port}\n'
                    for name in ["."] + [zone.name for zone in names.zones])
    return f"""server:
{interfaces}  port: {names.resolver[1]}
  username: ""
  chroot: ""
  directory: "{names.folder}"
  pidfile: "{names.folder}/unbound.pid"
  use-syslog: no
  log-servfail: yes
  num-threads: 1
  outgoing-range: 64
  do-not-query-localhost: no
  do-daemonize: no
  local-zone: "test." nodefault
  module-config: "validator iterator"
  trust-anchor-file: "{names.folder}/test.key"
  max-udp-size: {wire.UDP_SIZE}
  edns-buffer-size: {wire.UDP_SIZE}
remote-control:
  control-enable: no
{stubs}"""


def free_port(addresses):
    """A port that is free on each of the addresses, for datagrams and connections."""
    while True:
        port = bound(addresses[0], 0, socket.SOCK_STREAM)
        if all(bound(address, port, kind) for address in addresses
               for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return port


def bound(address, port, kind):
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as sock:
            sock.bind((address, port))
            return sock.getsockname()[1]
    except OSError:
        return None


def answers(server):
    try:
        return wire.ask(server, "test", "SOA", patience=1).status == "NOERROR"
    except (OSError, ValueError):
        return False
