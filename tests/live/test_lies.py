#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What xmpp_resolve makes of a nameserver that lies (lies.py) and is the only one. Argument: the
folder of the examples."""
from liar import Liar
from lies import LIES
from reach import in_lab, wrong_plan

# What a liar as the only nameserver makes of it: reached or not, and what it must have been asked.
LIES_OVERCOME = {
    "truth": {"tcp": 0}, "late": {"tcp": 0}, "twice": {"tcp": 0}, "wrong id first": {"tcp": 0},
    "wrong question first": {"tcp": 0}, "another port first": {"tcp": 0},
    "rubbish first": {}, "silent the first time": {"udp": 2}, "servfail the first time": {"udp": 2},
    "other case": {"tcp": 1}, "other case always": {"tcp": 1}, "truncated": {"tcp": 1},
    "truncated, TCP slow": {"tcp": 1}, "formerr to EDNS": {"plain": 1},
    "notimp to EDNS": {"plain": 1}, "badvers to EDNS": {"plain": 1}, "AD": {"tcp": 0},
}
LIES_FATAL = ["silence", "wrong id", "wrong question", "no QR", "rubbish", "empty", "cut",
              "pointer loop", "truncated, TCP silent", "truncated, TCP closing", "servfail",
              "refused", "another port", "alias loop", "alias chain"]
LIES_WITHOUT_HOSTS = ["no such name", "huge"]  # believed, and there is nobody to connect to
SRV = "_xmpp-client._tcp.lie.test"


class Cases:
    """The cases. What ends by a deadline is started before all others."""

    def __init__(self, tool, stack):
        self.tool = tool
        self.known = {(SRV, "SRV"): [f"0 0 {tool.lab.places['c2s']} host.lie.test."],
                      ("host.lie.test", "A"): ["127.0.0.1"]}
        self.slow = {}
        for lie in LIES_FATAL + ["silent the first time"]:
            liar = stack.enter_context(Liar(self.known, lie))
            run = tool.start("lie.test", "--json", nameserver=liar.server)
            self.slow[lie] = liar, stack.enter_context(run)

    def told_by(self, lie):
        """What the liar was asked, and the report."""
        if lie in self.slow:
            liar, run = self.slow[lie]
            return liar, run.report()
        with Liar(self.known, lie) as liar:
            return liar, self.tool.plan("lie.test", liar.server)

    def overcome(self, lie, asked):
        def check():
            liar, report = self.told_by(lie)
            yield from wrong_plan(report, "host:4:c2s")
            counts = {over: liar.count(SRV, "SRV", over) for over in ("udp", "tcp")}
            counts["plain"] = sum(not one.has_edns for one in liar.asked)
            for what, least in asked.items():
                if counts[what] < least or (least == 0 and counts[what] > 0):
                    yield f"{what}: asked {counts[what]} times"
            want = "secure" if lie == "AD" else "insecure"
            if any(one["dnssec"] != want for one in report.tries):
                yield f"not {want}: {report.tries}"
        return check

    def fatal(self, lie):
        def check():
            _, report = self.told_by(lie)
            if report.ok or report.tries or "failed" not in report.status_of("SRV"):
                yield str(report.found)
        return check

    def without_hosts(self, lie):
        def check():
            _, report = self.told_by(lie)
            if report.ok or not all(one["outcome"] == "left-out" for one in report.tries):
                yield str(report.found)
        return check

    def half_a_lie(self):
        """One of two services fails: nobody is told that there is only the other."""
        for lies in {"_xmpps-client": "servfail"}, {"_xmpp-client": "servfail"}:
            known = {**self.known, (SRV.replace("xmpp", "xmpps"), "SRV"): self.known[SRV, "SRV"]}
            with Liar(known, lies) as liar:
                report = self.tool.plan("lie.test", liar.server)
            if report.ok or report.tries:
                yield f"{lies}: {report.found}"

    def questions(self):
        """Ids, letters and ports are drawn; AD is asked for; each name is asked for once."""
        seen = []
        for _ in range(4):
            with Liar(self.known, "truth") as liar:
                self.tool.plan("lie.test", liar.server)
            names = [(one.name.lower(), one.type) for one in liar.asked]
            assert len(set(names)) == len(names), names
            assert all(one.has(0x100) and one.has(0x20) and one.has_edns for one in liar.asked)
            seen += liar.asked
        if len({one.number for one in seen}) < len(seen) - 1:
            yield "ids come again"
        if sum(one.name != one.name.lower() for one in seen) < len(seen) - 1:
            yield "letters are not drawn"

    def cases(self):
        assert {*LIES_OVERCOME, *LIES_FATAL, *LIES_WITHOUT_HOSTS} == LIES.keys()
        return [
            *((f"overcome: {lie}", self.overcome(lie, asked))
              for lie, asked in LIES_OVERCOME.items()),
            *((f"believed: {lie}", self.without_hosts(lie)) for lie in LIES_WITHOUT_HOSTS),
            ("one of two services fails", self.half_a_lie),
            ("what is asked cannot be foreseen", self.questions),
            *((f"not overcome: {lie}", self.fatal(lie)) for lie in LIES_FATAL),
        ]


if __name__ == "__main__":
    in_lab(lambda lab, tool, stack: Cases(tool, stack).cases())
