# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private ejabberd on loopback, of Debian's package as it is: free ports, in a folder of its own,
never as root. It is a node without a name, so that nothing listens but the ports it is told, and
nothing of Erlang's stays behind when it has ended."""
import glob
import os
import shutil
import socket
import subprocess
import time

from prosody import answers, as_unprivileged, free_port, give_to_unprivileged, loopbacks, read

# What it does for clients, each with what it is told. Its own defaults are for a public server.
MODULES = """
  mod_adhoc: {}
  mod_announce: {access: administration}
  mod_blocking: {}
  mod_caps: {}
  mod_carboncopy: {}
  mod_configure: {}
  mod_disco: {}
  mod_last: {}
  mod_mam: {default: always}
  mod_muc: {host: "rooms.@HOST@"}
  mod_multicast: {host: "multicast.@HOST@"}
  mod_offline: {}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_pubsub: {plugins: [flat, pep]}
  mod_register: {ip_access: all, welcome_message: {}}
  mod_roster: {versioning: true}
  mod_s2s_dialback: {}
  mod_stream_mgmt: {resend_on_timeout: if_offline}
  mod_time: {}
  mod_vcard: {search: false}
  mod_vcard_xupdate: {}
  mod_version: {}
"""


class Ejabberd:
    """`with Ejabberd(folder, domain, pem, ca_file, s2s_port, nameserver, component) as server:` it
    answers on server.port for clients and on server.component_port for components. `pem` is the
    certificate, its chain and its key; `nameserver` an (address, port); `component` the domain of
    one and its secret; `accounts` are {name: password}, and "admin" among them administers."""

    def __init__(self, folder, domain, pem, ca_file, s2s_port, nameserver, component, accounts):
        self.folder, self.domain, self.pem, self.ca_file = folder, domain, pem, ca_file
        self.s2s_port, self.nameserver, self.component = s2s_port, nameserver, component
        self.accounts = accounts
        self.addresses = loopbacks()
        self.port = self.component_port = self.process = None
        self.log = os.path.join(folder, "ejabberd.log")

    def __enter__(self):
        for _ in range(5):  # the ports may be gone again by the time they are wanted
            self.port = free_port(self.addresses)
            self.component_port = free_port(self.addresses)
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self._path("data"))
            self._write("ejabberd.yml", configuration(self))
            self._write("inetrc", resolving(self.nameserver))
            give_to_unprivileged(self.folder)
            self._start()
            if self._wait():
                return self
            self.__exit__()
        raise RuntimeError("ejabberd does not answer:\n" + self.said() + read(self._path("stdout")))

    def __exit__(self, *_):
        self.process.kill()  # it would take a second to end in order, for files that nobody reads
        self.process.wait()

    def said(self, since=0):
        """What is in its log from that offset on."""
        return read(self.log)[since:]

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def _start(self):
        """All by Erlang's own program: the package's would switch the user, and name the node."""
        home, ready = library(), self._path("ready")
        register = "".join(
            f"ok = ejabberd_auth:try_register({text(name)}, {text(self.domain)}, {text(password)}),"
            for name, password in self.accounts.items())
        with open(self._path("stdout"), "wb") as out:
            self.process = subprocess.Popen(
                as_unprivileged(
                    "erl", "-noinput", "+S", "2:2", "+sbwt", "none", "+sbwtdcpu", "none",
                    "+sbwtdio", "none", "-boot", "no_dot_erlang", "-mnesia", "dir",
                    f'"{self._path("data")}"', "-s", "ejabberd", "-eval",
                    f'{register} file:write_file("{ready}", "").'),
                cwd=self.folder, stdin=subprocess.DEVNULL, start_new_session=True, stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": self.folder, "ERL_LIBS": os.path.dirname(home),
                     "EJABBERD_CONFIG_PATH": self._path("ejabberd.yml"),
                     "EJABBERD_LOG_PATH": self.log, "ERL_INETRC": self._path("inetrc"),
                     "ERL_CRASH_DUMP_SECONDS": "0"})

    def _wait(self):
        """Until it is ready, and has answered a stream header."""
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and self.process.poll() is None:
            if os.path.exists(self._path("ready")):
                return all(answers(address, self.port, self.domain) for address in self.addresses)
            time.sleep(0.05)
        return False


def library():
    """Where the package keeps its code; there is a link to it, too."""
    found = glob.glob("/usr/lib/*/ejabberd-*/ebin")
    if not found:
        raise RuntimeError("ejabberd is not installed")
    return os.path.dirname(os.path.realpath(found[0]))


def text(string):
    """As Erlang writes it."""
    quoted = string.replace("\\", "\\\\").replace('"', '\\"')
    return f'<<"{quoted}"/utf8>>'


def resolving(nameserver):
    """SRV comes from that nameserver; addresses it asks of the system, which knows localhost. Its
    own host's name, too, is asked for at the start: without an answer it waits for one."""
    address, port = nameserver
    return f"""{{lookup, [file, dns]}}.
{{host, {{127,0,0,1}}, ["localhost", "{socket.gethostname()}"]}}.
{{resolv_conf, ""}}.
{{hosts_file, ""}}.
{{nameserver, {{{address.replace(".", ",")}}}, {port}}}.
"""


def configuration(server):
    def listener(port, rest):
        return "".join(f'  - {{port: {port}, ip: "{address}", {rest}}}\n'
                       for address in server.addresses)
    component, secret = server.component
    return f"""hosts: ["{server.domain}"]
loglevel: info
certfiles: ["{server.pem}"]
ca_file: "{server.ca_file}"
auth_method: [internal]
c2s_protocol_options: [no_sslv3, no_tlsv1, no_tlsv1_1]
s2s_use_starttls: required
s2s_cafile: "{server.ca_file}"
registration_timeout: infinity
resource_conflict: closeold
acl: {{admin: {{user: ["admin@{server.domain}"]}}}}
access_rules: {{administration: {{allow: admin}}}}
listen:
""" + listener(server.port, "module: ejabberd_c2s, starttls: true, starttls_required: true, "
               "shaper: none, access: all") + listener(
        server.s2s_port, "module: ejabberd_s2s_in, shaper: none") + listener(
        server.component_port, "module: ejabberd_service, shaper: none, access: all, "
        f'hosts: {{"{component}": {{password: "{secret}"}}}}') + "modules:" + MODULES
