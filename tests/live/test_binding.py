#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library from another language: a binding that is made from the headers logs in to Prosody,
asks and answers, through callbacks that carry an object as userdata. Argument: the library."""
import ctypes
import gc
import os
import select
import socket
import sys
import tempfile
import weakref

import place
from authority import Authority
from binding import Binding
from prosody import PASSWORDS, Host, Prosody

import tap

DOMAIN, NAMESPACE = "binding.test", b"urn:example:thermometer"


class PollFd(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short)]


class Heard:
    """The userdata of a session: what its callbacks were told."""

    def __init__(self):
        self.states, self.asked, self.question, self.answer = [], None, None, None
        self.outputs = 0


class Session:
    """One login: asked for its password, it asks itself for a temperature, and leaves."""

    def __init__(self, xmpp, server):
        self.xmpp, self.heard, self.destroyed, self.raised = xmpp, Heard(), 0, []
        raised = self.raised
        sys.unraisablehook = lambda unraisable: raised.append(unraisable.exc_value)
        trust = xmpp.xmpp_trust_new()
        self.check(xmpp.xmpp_trust_add_ca_file(trust, server.ca_file.encode()))
        self.conn = xmpp.xmpp_conn_new()
        self.check(xmpp.xmpp_conn_set_trust(self.conn, trust))
        xmpp.xmpp_trust_unref(trust)
        self.check(xmpp.xmpp_conn_set_jid(self.conn, f"alice@{DOMAIN}".encode()))
        self.check(xmpp.xmpp_conn_set_server(self.conn, b"127.0.0.1", server.port))
        # ctypes frees a callback when its object goes, so they are kept
        self.on_state = xmpp.xmpp_state_fn(self.state)
        self.on_ask = xmpp.xmpp_ask_fn(self.ask)
        self.on_iq = xmpp.xmpp_stanza_fn(self.question)
        self.on_reply = xmpp.xmpp_reply_fn(self.reply)
        self.on_destroy = xmpp.xmpp_destroy_fn(self.destroy)
        data = (self.heard, self.on_destroy)
        self.check(xmpp.xmpp_conn_on_state(self.conn, None, self.on_state, *data))
        self.check(xmpp.xmpp_conn_on_ask(self.conn, None, self.on_ask, *data))
        self.check(xmpp.xmpp_conn_on_iq(self.conn, None, xmpp.XMPP_IQ_GET, b"query", NAMESPACE,
                                        self.on_iq, *data))

    def check(self, result):
        if result < 0:
            raise RuntimeError(self.xmpp.xmpp_error_name(result).decode())

    def run(self):
        xmpp, conn = self.xmpp, self.conn
        self.check(xmpp.xmpp_conn_connect(conn))
        fds = (PollFd * xmpp.XMPP_POLLFDS_MAX)()
        while xmpp.xmpp_conn_get_state(conn) != xmpp.XMPP_STATE_OFFLINE:
            poll = select.poll()
            for fd in fds[:xmpp.xmpp_conn_get_pollfds(conn, fds, len(fds))]:
                poll.register(fd.fd, fd.events)
            poll.poll(xmpp.xmpp_conn_get_timeout(conn))
            self.check(xmpp.xmpp_conn_process(conn))
            if self.raised:  # in a callback; it does not pass through C
                raise self.raised[0]

    def run_over_bytes(self, address):
        """The same over a transport of our own: a socket that the library never sees."""
        xmpp, conn, n = self.xmpp, self.conn, ctypes.c_size_t()
        self.on_output = xmpp.xmpp_output_fn(self.output)
        self.check(xmpp.xmpp_conn_connect_transport(conn, xmpp.XMPP_TRANSPORT_PLAIN, self.on_output,
                                                    self.heard, self.on_destroy))
        with socket.create_connection(address) as server:
            while xmpp.xmpp_conn_get_state(conn) != xmpp.XMPP_STATE_OFFLINE:
                timeout = xmpp.xmpp_conn_get_timeout(conn)
                if select.select([server], [], [], timeout / 1000 if timeout >= 0 else None)[0]:
                    came = server.recv(65536)
                    self.check(xmpp.xmpp_conn_feed(conn, came, len(came)) if came
                               else xmpp.xmpp_conn_feed_end(conn))
                self.check(xmpp.xmpp_conn_process(conn))
                if self.raised:
                    raise self.raised[0]
                if output := xmpp.xmpp_conn_peek_output(conn, ctypes.byref(n)):
                    server.sendall(ctypes.string_at(output, n.value))
                    self.check(xmpp.xmpp_conn_take_output(conn, n.value))

    # --- callbacks --------------------------------------------------------------------------

    def state(self, conn, state, heard):
        heard.states.append(state)
        if state == self.xmpp.XMPP_STATE_ONLINE:
            me = self.xmpp.xmpp_jid_get_text(self.xmpp.xmpp_conn_get_bound_jid(conn))
            iq = self.xmpp.xmpp_iq_new(self.xmpp.XMPP_IQ_GET, me)
            self.xmpp.xmpp_elem_add(self.xmpp.xmpp_stanza_root(iq), b"query", NAMESPACE)
            self.check(self.xmpp.xmpp_conn_request(conn, None, iq, 0, self.on_reply, heard,
                                                   self.on_destroy))
            self.xmpp.xmpp_stanza_unref(iq)

    def ask(self, _conn, ask, heard):
        heard.asked = self.xmpp.xmpp_ask_get_kind(ask)
        self.check(self.xmpp.xmpp_ask_answer_password(ask, PASSWORDS["alice"].encode()))

    def question(self, conn, iq, heard):
        heard.question = self.xmpp.xmpp_elem_get_ns(self.xmpp.xmpp_iq_get_payload(iq))
        result = self.xmpp.xmpp_iq_result(iq)
        query = self.xmpp.xmpp_elem_add(self.xmpp.xmpp_stanza_root(result), b"query", NAMESPACE)
        self.xmpp.xmpp_elem_add_text(query, "21 °C".encode())
        self.check(self.xmpp.xmpp_conn_send(conn, result))
        self.xmpp.xmpp_stanza_unref(result)
        return 1

    def reply(self, conn, error, reply, heard):
        text = ctypes.c_void_p()
        self.check(error or self.xmpp.xmpp_stanza_to_text(reply, ctypes.byref(text), None))
        heard.answer = ctypes.string_at(text.value).decode()
        self.xmpp.xmpp_free(text)
        self.xmpp.xmpp_conn_disconnect(conn)

    @staticmethod
    def output(_conn, heard):
        heard.outputs += 1

    def destroy(self, _heard):
        self.destroyed += 1


class Cases:
    def __init__(self, xmpp, server):
        self.xmpp, self.server, self.session = xmpp, server, None

    def all_is_there(self):
        if not self.xmpp.callbacks or len(self.xmpp.functions) != self.xmpp.n_declared:
            yield (f"{len(self.xmpp.callbacks)} callbacks, {len(self.xmpp.functions)} functions "
                   f"of {self.xmpp.n_declared}")

    def a_login_and_a_question(self):
        self.session = Session(self.xmpp, self.server)
        self.session.run()
        yield from self.whats_wrong()

    def a_login_over_bytes(self):
        self.session = Session(self.xmpp, self.server)
        self.session.run_over_bytes(("127.0.0.1", self.server.port))
        yield from self.whats_wrong()
        if self.session.heard.outputs < 5 or self.session.destroyed != 2:
            yield f"{self.session.heard.outputs} outputs, {self.session.destroyed} destroyed"
        self.xmpp.xmpp_conn_unref(self.session.conn)

    def whats_wrong(self):
        heard, xmpp = self.session.heard, self.xmpp
        if heard.states[-3:] != [xmpp.XMPP_STATE_ONLINE, xmpp.XMPP_STATE_CLOSING,
                                 xmpp.XMPP_STATE_OFFLINE]:
            message = xmpp.xmpp_error_get_message(xmpp.xmpp_conn_get_error(self.session.conn))
            yield f"{heard.states}: {message.decode()}"
        if heard.asked != xmpp.XMPP_ASK_PASSWORD:
            yield f"asked for {heard.asked}"
        if heard.question != NAMESPACE or "21 °C" not in (heard.answer or ""):
            yield f"asked about {heard.question}, answered {heard.answer}"

    def userdata_is_destroyed_once(self):
        if self.session.destroyed != 1:  # that of the request, which is answered
            yield f"{self.session.destroyed} destroyed while the connection lives"
        self.xmpp.xmpp_conn_unref(self.session.conn)
        if self.session.destroyed != 4:
            yield f"{self.session.destroyed} destroyed of 4"

    def nothing_holds_the_object(self):
        heard = weakref.ref(self.session.heard)
        self.session = None
        gc.collect()
        if heard():
            yield f"held by {gc.get_referrers(heard())}"

    def cases(self):
        return [
            ("the headers make a binding", self.all_is_there),
            ("a login over bytes that this program moves", self.a_login_over_bytes),
            ("a login, a question and its answer", self.a_login_and_a_question),
            ("userdata is destroyed exactly once", self.userdata_is_destroyed_once),
            ("nothing holds the object that was userdata", self.nothing_holds_the_object),
        ]


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-live-") as folder:
        home = place.prepare(folder)
        ours = Authority(home)
        hosts = [Host(DOMAIN, certificate=ours.server(DOMAIN))]
        with Prosody(home, hosts, ours.ca_file) as server:
            tap.run(Cases(Binding(os.path.abspath(sys.argv[1])), server).cases())


if __name__ == "__main__":
    main()
