# SPDX-License-Identifier: LGPL-2.1-or-later
"""Messages: kept for who is offline, copied to the other resource."""
from person import body

CARBONS = "urn:xmpp:carbons:2"
DELAY = "{urn:xmpp:delay}delay"
COPIED = "{urn:xmpp:forward:0}forwarded/{jabber:client}message"


class Messages:
    """The cases."""

    def __init__(self, stage):
        self.stage, self.fed = stage, stage.fed

    def offline(self, here, there):
        """Kept for who is away, with the time, and delivered once."""
        self.stage.needs("msgoffline", there)
        with self.stage.people() as people:
            account = there.account()
            people.login(there, account).leave()
            sender = people.login(here)
            for text in "first", "second":
                sender.send(f"<message to='{account[0]}' type='chat'><body>{text}</body></message>")
            sender.ask(f"<iq type='get' to='{there.name}'><ping xmlns='urn:xmpp:ping'/></iq>")
            receiver = people.login(there, account)
            people.until(lambda: len(receiver.messages) == 2)
            if receiver.bodies() != ["first", "second"]:
                yield str(receiver.bodies())
            yield from ("no time" for message in receiver.messages if message.find(DELAY) is None)
            receiver.leave()
            again = people.login(there, account)
            people.settle(again, sender)
            yield from again.bodies()

    def carbons(self, domain):
        """Of what one resource gets and sends, the other has a copy."""
        self.stage.needs(CARBONS, domain)
        with self.stage.people() as people:
            account = domain.account()
            balcony = people.login(domain, account, "balcony")
            garden = people.login(domain, account, "garden")
            friend = people.login(domain)
            balcony.ask(f"<iq type='set'><enable xmlns='{CARBONS}'/></iq>")
            friend.send(f"<message to='{garden.jid}' type='chat'><body>to you</body></message>")
            people.until(lambda: garden.messages)
            garden.send(f"<message to='{friend.jid}' type='chat'><body>to me</body></message>")
            people.until(lambda: len(balcony.messages) == 2)
            found = [(direction, body(message.find(f"{{{CARBONS}}}{direction}/{COPIED}")))
                     for message, direction in zip(balcony.messages, ("received", "sent"))]
            if found != [("received", "to you"), ("sent", "to me")]:
                yield str(found)

    def cases(self):
        stage = self.stage
        return [
            *stage.at_each("offline messages are delivered once",
                           lambda domain: self.offline(domain, domain)),
            *stage.across("offline messages over the federation", self.offline),
            *stage.at_each("carbons between two resources", self.carbons),
        ]
