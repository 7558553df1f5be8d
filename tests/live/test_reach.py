#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How servers are found and reached, by xmpp_resolve: which addresses are planned for each domain of
the lab, and what happens when they are connected to. Argument: the folder of the examples."""
import re

import schema
from reach import DELAY_MS, in_lab, wrong_plan, wrong_times
from reach_tables import DANE, FAILED, NO_PLANS, OUTCOMES, OUTCOMES_UNTRUSTED, PLANS
from zones import target


class Cases:
    """The cases."""

    def __init__(self, lab, tool, slow):
        self.lab, self.tool, self.slow = lab, tool, slow

    # --- plans ------------------------------------------------------------------------------

    def plan(self, domain, text):
        def check():
            report = self.tool.plan(domain)
            yield from wrong_plan(report, text)
            for group in report.groups():
                yield from wrong_times(group)
            if any(one["outcome"] not in ("none", "left-out") for one in report.tries):
                yield f"something was tried: {report.tries}"
        return check

    def many_addresses(self):
        """Of one target: eight of a family, and the other family's first."""
        report = self.tool.plan("families.plain.test")
        addresses = [one["address"] for one in report.tries]
        if addresses[0] != "::1" or sorted(addresses[1:]) != sorted(
                f"127.0.0.{last}" for last in (2, 4, 5, 6, 7, 8, 9, 10)):
            yield str(addresses)
        yield from wrong_times(report.tries)

    def many_targets(self):
        """The twenty best, though the answer came by TCP."""
        report = self.tool.plan("large.plain.test")
        told = [report.told(one) for one in report.tries]
        if told != [f"{target(number)}:4:c2s:starttls" for number in range(20)]:
            yield str(told)

    def too_many_targets(self):
        """Twenty of them, in order."""
        report = self.tool.plan("huge.plain.test")
        priorities = [one["priority"] for one in report.tries]
        if len(set(priorities)) != 20 or priorities != sorted(priorities):
            yield str(priorities)
        if any(report.told(one) != f"{target(one['priority'])}:4:c2s:starttls"
               for one in report.tries):
            yield str(report.tries)

    def weights(self):
        """Ninety of a hundred go to the first; with forty runs hardly one less than half does."""
        runs = [self.tool.start("weights.plain.test", "--json") for _ in range(40)]
        firsts = [run.report().tries[0]["host"] for run in runs]
        if firsts.count("often.plain.test") < 20:
            yield str(firsts)

    def no_plan(self, domain, statuses, left_out):
        def check():
            report = self.tool.plan(domain)
            if report.ok or [report.told(one) for one in report.tries] != left_out:
                yield str(report.found)
            if report.status_of("SRV") != statuses:
                yield f"SRV: {report.status_of('SRV')}"
            if not left_out and report.status_of("A") | report.status_of("AAAA"):
                yield f"somebody asked for the domain's address: {report.lookups}"
        return check

    def failed(self, domain):
        def check():
            report = self.tool.plan(domain)
            if report.ok or report.tries or "failed" not in report.status_of("SRV"):
                yield str(report.found)
            if report.status_of("A") | report.status_of("AAAA"):
                yield f"somebody went on: {report.lookups}"
        return check

    def reasons(self):
        """No service, no such name and a failed look-up are told apart."""
        reasons = [self.tool.plan(domain).reason for domain in (
            "none.plain.test", "nowhere.plain.test", "bogus.test")]
        if len(set(reasons)) != len(reasons):
            yield str(reasons)

    def dane(self, domain, dnssec, count):
        def check():
            report = self.tool.plan(domain)
            for one in report.tries:
                if (one["dnssec"], one["tlsa"]) != (dnssec, count):
                    yield str(one)
            if not report.tries or (dnssec != "secure" and report.status_of("TLSA")):
                yield str(report.lookups)
        return check

    def without_validation(self):
        """The nameserver that has the zones sets no AD: nothing is secure, no TLSA is asked for."""
        report = self.tool.plan("ee.example.test", self.lab.names.authority)
        if not report.ok or report.tries[0]["dnssec"] != "insecure" or report.status_of("TLSA"):
            yield str(report.found)

    def by_ipv6(self):
        server = "::1", self.lab.names.resolver[1]
        report = self.tool.plan("v4.plain.test", server)
        yield from wrong_plan(report, "four:4:c2s")
        if {one["source"] for one in report.lookups} != {f"[::1]:{server[1]}"}:
            yield str(report.lookups)

    def lookups(self):
        """What was asked is told with what was answered."""
        report = self.tool.plan("ee.example.test")
        found = {(one["name"], one["type"]): one["records"] for one in report.lookups}
        c2s = self.lab.places["c2s"]
        for key, records in {
                ("_xmpp-client._tcp.ee.example.test", "SRV"): [f"0 0 {c2s} ee.example.test"],
                ("_xmpps-client._tcp.ee.example.test", "SRV"): [],
                ("ee.example.test", "A"): ["127.0.0.1"], ("ee.example.test", "AAAA"): []}.items():
            if found.get(key) != records:
                yield f"{key}: {found.get(key)}"
        tlsa = found[f"_{c2s}._tcp.ee.example.test", "TLSA"]
        if len(tlsa) != 1 or not tlsa[0].startswith("3 1 1 "):
            yield str(tlsa)

    def for_a_person(self):
        """The table says what the object says."""
        for domain in "mixed.plain.test", "notarget.plain.test", "none.plain.test":
            report = self.tool.plan(domain)
            status, text = self.tool.text(domain)
            if status != report.status or not text.startswith(domain):
                yield f"{status}: {text}"
            words = [one["host"] for one in report.tries] + [report.reason]
            words += [one["name"] for one in report.lookups]
            yield from (f"{word} is not in {text}" for word in words if word not in text)

    # --- connecting -------------------------------------------------------------------------

    def connect(self, domain, outcomes, is_trusted=True):
        def check():
            report = self.tool.connect(domain, is_trusted)
            got = [f"{one['outcome']} {one['code']}" if one["outcome"] == "failed"
                   else one["outcome"] for one in report.tries if one["outcome"] != "none"]
            if len(got) != len(outcomes) or not all(map(re.fullmatch, outcomes, got)):
                yield f"{got}: {report.found}"
            if report.ok != ("won" in outcomes):
                yield report.reason
            yield from self.order(domain, report)
        return check

    def order(self, domain, report):
        """What was started was started in the order that is told, which is that of the plan, as far
        as there was need of it."""
        started = [one["started_ms"] for one in report.tries if one["started_ms"] is not None]
        if started != sorted(started):
            yield f"started at {started}"
        planned = self.tool.plan(domain)
        told = [report.told(one) for one in report.tries]
        if [planned.told(one) for one in planned.tries][:len(told)] != told:
            yield f"planned was {planned.tries}, tried {report.tries}"

    def the_second_starts_late(self):
        """Behind a black hole, after the delay; the first is then given up."""
        for domain in "v6hole.plain.test", "third.plain.test":
            hole, good_one = self.tool.connect(domain, True).tries[-2:]
            waited = good_one["started_ms"] - hole["started_ms"]
            if not DELAY_MS <= waited < 10 * DELAY_MS or hole["outcome"] != "cancelled":
                yield f"{domain}: {hole}, {good_one}"

    def swallowed(self):
        report = self.slow.report()
        if report.ok or [one["code"] for one in report.tries] != ["XMPP_E_TIMEOUT"]:
            yield str(report.found)

    def schema_is_strict(self):
        """The checker sees what the schema forbids."""
        found = self.tool.plan("one.plain.test").found
        first = found["tries"][0]
        for wrong in [{**found, "ok": "yes"}, {**found, "more": 1}, {**found, "tries": None},
                      {key: value for key, value in found.items() if key != "reason"},
                      {**found, "tries": [{**first, "port": 65536}]},
                      {**found, "tries": [{**first, "planned_ms": -1}]},
                      {**found, "tries": [{**first, "tls": "none"}]},
                      {**found, "tries": [{**first, "code": "oops"}]},
                      {**found, "tries": [first] * 65}]:
            if not list(schema.problems(self.tool.schema, wrong)):
                yield f"accepted: {wrong}"

    def cases(self):
        return [
            *((f"planned: {domain}", self.plan(domain, text)) for domain, text in plans()),
            ("planned: many addresses", self.many_addresses),
            ("planned: many targets, by TCP", self.many_targets),
            ("planned: too many targets, by TCP", self.too_many_targets),
            ("planned: weights", self.weights),
            *((f"not planned: {name}.test", self.no_plan(f"{name}.test", *want))
              for name, want in NO_PLANS.items()),
            *((f"look-up failed: {name}.test", self.failed(f"{name}.test")) for name in FAILED),
            ("reasons have messages of their own", self.reasons),
            *((f"DNSSEC and TLSA: {name}.test", self.dane(f"{name}.test", *want))
              for name, want in DANE.items()),
            ("DNSSEC: nobody validates", self.without_validation),
            ("a nameserver at an IPv6 address", self.by_ipv6),
            ("the look-ups are told", self.lookups),
            ("the table for a person", self.for_a_person),
            ("the schema is strict", self.schema_is_strict),
            *((f"connected: {name}.test", self.connect(f"{name}.test", want))
              for name, want in OUTCOMES.items()),
            *((f"connected by the system's authorities: {name}.test",
               self.connect(f"{name}.test", want, False))
              for name, want in OUTCOMES_UNTRUSTED.items()),
            ("connected: the second starts late", self.the_second_starts_late),
            ("not connected: a black hole", self.swallowed),
        ]


def plans():
    for line in PLANS.strip().splitlines():
        domain, text = line.split(None, 1)
        yield f"{domain}.test", text


def run(lab, tool, stack):
    """What ends by a deadline is started before all others."""
    slow = tool.start("swallowed.plain.test", "--json", "--connect")
    return Cases(lab, tool, stack.enter_context(slow)).cases()


if __name__ == "__main__":
    in_lab(run)
