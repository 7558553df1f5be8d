# SPDX-License-Identifier: LGPL-2.1-or-later
"""A certificate authority for one run: keys and certificates by GnuTLS's certtool, in a folder."""
import os
import subprocess

SERVER = "tls_www_server\nsigning_key\nencryption_key\n"
EXPIRED = 'activation_date = "2020-01-01 00:00:00"\nexpiration_date = "2020-02-01 00:00:00"\n'


class Authority:
    """Signs certificates; `ca_file` is what a client trusts."""

    def __init__(self, folder, name="authority"):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        self.ca_file = os.path.join(folder, f"{name}.pem")
        self.key = os.path.join(folder, f"{name}.key")
        self._new_key(self.key)
        certtool("--generate-self-signed", "--load-privkey", self.key, "--outfile", self.ca_file,
                 template=f'cn = "{name}"\nca\ncert_signing_key\nexpiration_days = 30\n')

    def server(self, domain, names=None, lines="expiration_days = 30\n", rsa=False):
        """A certificate for `names` (else the domain): the paths of chain and key."""
        certificate = os.path.join(self.folder, f"{domain}.crt")
        key = os.path.join(self.folder, f"{domain}.key")
        self._new_key(key, rsa)
        template = "".join(f'dns_name = "{name}"\n' for name in names or [domain])
        certtool("--generate-certificate", "--load-privkey", key, "--load-ca-certificate",
                 self.ca_file, "--load-ca-privkey", self.key, "--outfile", certificate,
                 template=f'cn = "{domain}"\n{template}{SERVER}{lines}')
        return certificate, key

    def with_issuer(self, certificate, key):
        """The same, the authority's certificate behind that of the server."""
        chain = certificate + ".chain"
        with open(chain, "w", encoding="ascii") as file:
            for path in (certificate, self.ca_file):
                with open(path, encoding="ascii") as part:
                    file.write(part.read())
        return chain, key

    def client(self, jid):
        """A certificate for that address (RFC 6120 13.7.1.4), with no extended key usage, since
        Prosody wants that of a server where there is one: the paths of certificate and key."""
        certificate = os.path.join(self.folder, f"{jid}.crt")
        key = os.path.join(self.folder, f"{jid}.key")
        self._new_key(key)
        certtool("--generate-certificate", "--load-privkey", key, "--load-ca-certificate",
                 self.ca_file, "--load-ca-privkey", self.key, "--outfile", certificate,
                 template=f'cn = "{jid}"\nxmpp_name = "{jid}"\nsigning_key\n'
                          "expiration_days = 30\n")
        return certificate, key

    @staticmethod
    def _new_key(path, rsa=False):
        kind = ["rsa", "--bits", "2048"] if rsa else ["ecdsa", "--curve", "secp256r1"]
        certtool("--generate-privkey", "--key-type", *kind, "--outfile", path)


def certtool(*arguments, template=None):
    if template is not None:
        arguments += ("--template", "/dev/stdin")
    done = subprocess.run(["certtool", *arguments], input=template or "", text=True,
                          capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"certtool {' '.join(arguments)}: {done.stderr}")
