# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chains of certificates that are as long and as large as a server likes: below an authority that
is trusted, one below the other. Made by openssl, as certtool has a bound on names."""
import os
import subprocess

SIGNER = "basicConstraints = critical, CA:true\nkeyUsage = keyCertSign\n"
SERVER = "extendedKeyUsage = serverAuth\n"


class Chain:
    """`length` certificates; so many names in the last one, so many constraints in each of the
    others; `bits` of RSA, or else a curve."""

    def __init__(self, authority, name, domain, length=10, names=0, constraints=0, bits=0):
        self.stem = os.path.join(authority.folder, name)
        self.key, self.file = f"{self.stem}.key", f"{self.stem}.chain"
        kind = [f"rsa:{bits}"] if bits else ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        openssl("req", "-new", "-newkey", *kind, "-nodes", "-keyout", self.key, "-subj", "/CN=x",
                "-out", f"{self.stem}.csr")
        above, key, files = authority.ca_file, authority.key, []
        limits = self._words("excluded;DNS", constraints, "x") if constraints else ""
        for level in range(1, length):
            extensions = SIGNER + (f"nameConstraints = {limits}\n" if limits else "")
            above = self._sign(f"{name} {level}", extensions, above, key)
            key = self.key
            files.insert(0, above)
        own = f"subjectAltName = DNS:{domain}, {self._words('DNS', names, 'y')}\n"
        files.insert(0, self._sign(domain, SERVER + own, above, key))
        with open(self.file, "w", encoding="ascii") as out:
            for path in files:
                with open(path, encoding="ascii") as part:
                    out.write(part.read())

    @staticmethod
    def _words(kind, n, letter):
        """As short as can be: the more fit in."""
        return ", ".join(f"{kind}:{i:x}{letter}" for i in range(n + 1))

    def _sign(self, subject, extensions, above, key):
        path = f"{self.stem}.{subject.replace(' ', '.')}"
        with open(f"{path}.ext", "w", encoding="ascii") as out:
            out.write(extensions)
        openssl("req", "-new", "-key", self.key, "-subj", f"/CN={subject}", "-out", f"{path}.csr")
        openssl("x509", "-req", "-in", f"{path}.csr", "-CA", above, "-CAkey", key, "-days", "30",
                "-extfile", f"{path}.ext", "-out", path)
        return path


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr}")
