# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the cases of instant messaging stand on: the federation, the people in it, and what the
servers announce, which each case asserts before it relies on it."""
from person import People


class Stage:
    """One for all cases; `with stage.people() as people:` is one for each."""

    def __init__(self, fed, xmpp):
        self.fed, self.xmpp, self._announced = fed, xmpp, {}

    def people(self):
        return People(self.xmpp)

    def announced(self, domain):
        """All that the domain announces to a client of its own: by its stream features before and
        after the login, by service discovery of the account, the server and its services."""
        if domain.name not in self._announced:
            with self.people() as people:
                found = people.person(domain).probe()
                person = people.login(domain)
                found |= person.features() | person.announced(person.bare)
                for address in [domain.name] + person.items(domain.name):
                    if address != domain.component:  # of which there is none yet
                        found |= person.announced(address)
                self._announced[domain.name] = found
        return self._announced[domain.name]

    def needs(self, feature, *domains):
        for domain in domains:
            assert feature in self.announced(domain), f"{domain.name} does not announce {feature}"

    def at_each(self, title, check):
        """The case, once for each of the two servers."""
        return [(f"{title} ({kind})", lambda domain=domain: check(domain))
                for kind, domain in zip(("Prosody", "ejabberd"), self.fed.domains)]

    def across(self, title, check):
        """The case, once for each direction between them."""
        prosody, ejabberd = self.fed.domains
        return [(f"{title} (Prosody to ejabberd)", lambda: check(prosody, ejabberd)),
                (f"{title} (ejabberd to Prosody)", lambda: check(ejabberd, prosody))]

    def everywhere(self, title, check):
        """The case, for two who are at the same server, and at different ones."""
        return (self.at_each(title, lambda domain: check(domain, domain))
                + self.across(title, check))
