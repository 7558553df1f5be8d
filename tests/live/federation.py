# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two servers that speak to each other over loopback: Prosody serves one domain, ejabberd another,
with TLS between them that both verify by the authority of the tests, found by SRV records of the
private nameservers. A third domain does not exist."""
import contextlib
import itertools
import os

from authority import Authority
from ejabberd import Ejabberd
from nameservers import Nameservers
from prosody import Host, Prosody, free_port, give_to_unprivileged, loopbacks
from prosody_services import Services
from zones import Zone

PROSODY, EJABBERD, NOWHERE = "capulet.test", "montague.test", "verona.test"
SECRET = "the component's secret"
N_ACCOUNTS = 300
# both sides of TLS between servers, the calling one, too
PURPOSES = "tls_www_client\nexpiration_days = 30\n"
# The targets are localhost since ejabberd asks the system for their addresses, not the nameserver.
ZONE = """
_xmpp-server._tcp           SRV 0 0 {port} localhost.
_xmpp-server._tcp.gateway   SRV 0 0 {port} localhost.
_xmpp-server._tcp.rooms     SRV 0 0 {port} localhost.
"""


class Domain:
    """One of the two, as a client sees it: a server's name and port, its component, and accounts
    that nobody has used yet."""

    def __init__(self, name, server, component_port, ca_file, passwords):
        self.name, self.server, self.ca_file = name, server, ca_file
        self.port, self.component_port = server.port, component_port
        self.component, self.secret = f"gateway.{name}", SECRET
        self.admin = f"admin@{name}", passwords["admin"]
        self._fresh = iter([(f"{user}@{name}", password) for user, password in passwords.items()
                            if user != "admin"])

    def account(self):
        """(address, password) of an account that is as new."""
        account = next(self._fresh, None)
        assert account, "N_ACCOUNTS is too small"
        return account


class Federation:
    """`with Federation(folder) as fed:` fed.prosody and fed.ejabberd are Domains, fed.domains both,
    fed.nowhere the name of one that does not exist."""

    nowhere = NOWHERE

    def __init__(self, folder):
        self.folder = folder
        self.authority = Authority(self._folder("authority"))
        self.passwords = {"admin": "the admin's", **{f"user{number}": f"secret {number}"
                                                     for number in range(N_ACCOUNTS)}}
        self.certificates = {name: self._certificate(name) for name in (PROSODY, EJABBERD)}
        give_to_unprivileged(self.authority.folder)
        self.stack = contextlib.ExitStack()
        self.prosody = self.ejabberd = self.names = None

    @property
    def domains(self):
        return self.prosody, self.ejabberd

    def __enter__(self):
        for is_last in False, False, True:
            try:
                return self._start()
            except RuntimeError:  # a port may be gone again by the time it is wanted
                if is_last:
                    raise

    def _start(self):
        with contextlib.ExitStack() as stack:
            ports = list(itertools.islice(distinct_ports(), 3))
            self.names = stack.enter_context(Nameservers(self._folder("names"), [
                Zone("test", "good", ""), Zone(PROSODY, None, ZONE.format(port=ports[0])),
                Zone(EJABBERD, None, ZONE.format(port=ports[1]))], {}))
            common = self.authority.ca_file, self.names.resolver
            ejabberd = stack.enter_context(self._ejabberd(ports[1], *common))
            prosody = stack.enter_context(self._prosody(ports[0], ports[2], *common))
            self.prosody = self._domain(PROSODY, prosody, ports[2])
            self.ejabberd = self._domain(EJABBERD, ejabberd, ejabberd.component_port)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _domain(self, name, server, component_port):
        return Domain(name, server, component_port, self.authority.ca_file, self.passwords)

    def _prosody(self, s2s_port, component_port, ca_file, nameserver):
        services = Services(s2s_port, component_port, ca_file, nameserver,
                            (f"gateway.{PROSODY}", SECRET), self.passwords)
        chain, key, _ = self.certificates[PROSODY]
        host = Host(PROSODY, certificate=(chain, key))
        return Prosody(self._folder("prosody"), [host], ca_file, services=services)

    def _ejabberd(self, s2s_port, ca_file, nameserver):
        return Ejabberd(self._folder("ejabberd"), EJABBERD, self.certificates[EJABBERD][2], ca_file,
                        s2s_port, nameserver, (f"gateway.{EJABBERD}", SECRET), self.passwords)

    def _certificate(self, name):
        """The paths of chain, key, and both in one."""
        chain, key = self.authority.with_issuer(
            *self.authority.server(name, [name, f"*.{name}"], PURPOSES))
        both = f"{chain}.both"
        with open(both, "w", encoding="ascii") as file:
            for path in (chain, key):
                with open(path, encoding="ascii") as part:
                    file.write(part.read())
        return chain, key, both

    def _folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path


def distinct_ports():
    """Ports that are free now, none of them twice."""
    seen = set()
    while True:
        port = free_port(loopbacks())
        if port not in seen:
            seen.add(port)
            yield port
