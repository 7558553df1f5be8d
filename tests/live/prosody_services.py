# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a private Prosody does beyond letting clients in: the modules of its package that serve
them, other servers and components. Text of its configuration alone; who runs it is prosody.py."""

MODULES = ["roster", "saslauth", "tls", "disco", "ping", "version", "posix", "carbons", "blocklist",
           "private", "vcard_legacy", "vcard4", "pep", "offline", "smacks", "register", "time",
           "uptime", "lastactivity", "adhoc", "announce", "mam", "dialback", "s2s_auth_certs"]


class Services:
    """Of one domain. `nameserver` is an (address, port); `component` the domain of one and its
    secret, served on component_port; `accounts` are {name: password}, and "admin" among them
    administers."""

    def __init__(self, s2s_port, component_port, ca_file, nameserver, component, accounts):
        self.s2s_port, self.component_port, self.ca_file = s2s_port, component_port, ca_file
        self.nameserver, self.component, self.accounts = nameserver, component, accounts

    def lines(self, server):
        """The part that holds for all domains. Its resolver says of "test." by itself that there is
        no such domain, and asks nobody on loopback, unless it is told."""
        modules = ", ".join(f'"{module}"' for module in MODULES)
        address, port = self.nameserver
        return f"""modules_enabled = {{ {modules} }}
admins = {{ "admin@{server.hosts[0].domain}" }}
allow_registration = true
s2s_ports = {{ {self.s2s_port} }}
s2s_require_encryption = true
s2s_secure_auth = true
s2s_ssl = {{ cafile = "{self.ca_file}", capath = "{server.folder}/none" }}
component_ports = {{ {self.component_port} }}
component_interfaces = interfaces
unbound = {{
    resolvconf = false, hoststxt = false, forward = "{address}@{port}",
    options = {{ ["do-not-query-localhost:"] = "no", ["local-zone:"] = "test. transparent" }},
}}
"""

    def components(self, server):
        domain, secret = self.component
        return f"""Component "rooms.{server.hosts[0].domain}" "muc"
restrict_room_creation = false
muc_room_locking = false
Component "{domain}"
component_secret = "{secret}"
"""
