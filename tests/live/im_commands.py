# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands: those that servers offer to who administers them, and those that people offer."""
from person import Refused
from roster import friends

COMMANDS = "http://jabber.org/protocol/commands"
ANNOUNCE = "http://jabber.org/protocol/admin#announce"


class Commands:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def run(person, name, *arguments):
        """Begins, or goes on: the stage that it leads to, and its status."""
        xmpp = person.xmpp
        return person.result(
            name, *arguments, kind="xmpp_command_fn", take=lambda command, _reply: (
                xmpp.xmpp_command_ref(command), xmpp.xmpp_command_get_status(command)))

    def execute(self, person, to, node):
        return self.run(person, "xmpp_command_execute", to.encode(), node.encode())

    def go_on(self, person, command, action, submit=None):
        return self.run(person, "xmpp_command_go_on", command, action, submit)

    def announced(self, domain):
        """The administrator fills in a form, and all who are online get a message."""
        self.stage.needs(COMMANDS, domain)
        with self.stage.people() as people:
            admin, other = people.login(domain, domain.admin), people.login(domain)
            xmpp = admin.xmpp
            nodes = admin.result(
                "xmpp_commands_list", domain.name.encode(), kind="xmpp_disco_items_fn",
                take=lambda items, _: [xmpp.xmpp_disco_items_get_node(items, index) for index in
                                       range(xmpp.xmpp_disco_items_get_n(items))])
            if ANNOUNCE.encode() not in nodes:
                yield str(nodes)
            command, status = self.execute(admin, domain.name, ANNOUNCE)
            assert status == xmpp.XMPP_COMMAND_EXECUTING, admin.told()
            form = xmpp.xmpp_command_get_form(command)
            fields = [xmpp.xmpp_field_get_var(xmpp.xmpp_form_get_field(form, index)) for index in
                      range(xmpp.xmpp_form_get_n_fields(form))]
            holder = admin.stanza("<iq/>")
            submit = xmpp.xmpp_form_add_submit(xmpp.xmpp_stanza_root(holder), form)
            for name, value in (b"subject", b"news"), (b"body", b"all is well"), (
                    b"announcement", b"all is well"):
                if name in fields:
                    admin.check(xmpp.xmpp_form_set_value(submit, name, value))
            admin.check(xmpp.xmpp_form_check(form, submit, None))
            done, status = self.go_on(admin, command, xmpp.XMPP_COMMAND_COMPLETE, submit)
            if status != xmpp.XMPP_COMMAND_COMPLETED:
                yield admin.told()
            people.until(lambda: "all is well" in other.bodies())
            for one in command, done:
                xmpp.xmpp_command_unref(one)

    def forbidden(self, domain):
        self.stage.needs(COMMANDS, domain)
        with self.stage.people() as people:
            person = people.login(domain)
            try:
                self.execute(person, domain.name, ANNOUNCE)
                yield "not forbidden"
            except Refused as refused:
                if str(refused) != "forbidden":
                    yield str(refused)

    def own(self, here, there):
        """A person offers one of two stages to contacts; another runs it, goes back, and finishes.
        A stranger may not."""
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, ("disco", "commands"))
            xmpp, ran = one.xmpp, []

            def run(_conn, session, action, submit, answer, _data):
                ran.append((action, submit and xmpp.xmpp_form_get_value(submit, b"colour")))
                if submit and action == xmpp.XMPP_COMMAND_COMPLETE:
                    xmpp.xmpp_command_answer_add_note(answer, xmpp.XMPP_COMMAND_INFO, b"painted")
                    return xmpp.XMPP_COMMAND_COMPLETED
                form = xmpp.xmpp_form_add(answer, xmpp.XMPP_FORM_FORM, None)
                field = xmpp.xmpp_form_add_field(form, xmpp.XMPP_FIELD_TEXT_SINGLE, b"colour",
                                                 b"Colour")
                xmpp.xmpp_field_set_required(field)
                return other.check(xmpp.xmpp_command_session_set_actions(
                    session, xmpp.XMPP_COMMAND_COMPLETE, xmpp.XMPP_COMMAND_COMPLETE)
                ) or xmpp.XMPP_COMMAND_EXECUTING
            other.do("xmpp_commands_add", b"paint", b"Paint the wall", xmpp.XMPP_COMMAND_CONTACTS,
                     other.callback("xmpp_command_run_fn", run), *other.data())
            command, status = self.execute(one, other.jid, "paint")
            assert status == xmpp.XMPP_COMMAND_EXECUTING
            form = xmpp.xmpp_command_get_form(command)
            submit = xmpp.xmpp_form_add_submit(xmpp.xmpp_stanza_root(one.stanza("<iq/>")), form)
            if one.xmpp.xmpp_form_check(form, submit, None) != xmpp.XMPP_E_NOT_FOUND:
                yield "an empty form is good enough"
            xmpp.xmpp_form_set_value(submit, b"colour", b"<green>")
            done, status = self.go_on(one, command, xmpp.XMPP_COMMAND_EXECUTE, submit)
            if (status, xmpp.xmpp_command_get_note(done, 0)) != (xmpp.XMPP_COMMAND_COMPLETED,
                                                                b"painted"):
                yield one.told()
            if ran != [(xmpp.XMPP_COMMAND_EXECUTE, None), (xmpp.XMPP_COMMAND_COMPLETE, b"<green>")]:
                yield str(ran)
            for command in command, done:
                xmpp.xmpp_command_unref(command)
            stranger = people.login(here)
            try:
                self.execute(stranger, other.jid, "paint")
                yield "a stranger ran it"
            except Refused:
                pass

    def cases(self):
        stage = self.stage
        return [
            *stage.at_each("a command of the server's", self.announced),
            *stage.at_each("a command that is forbidden", self.forbidden),
            *stage.across("a command of a contact's", self.own),
        ]
