#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Instant messaging between people at two federated servers, Prosody and ejabberd, through the
library. Arguments: the library; then, to run some cases only, parts of their names."""
import os
import sys
import tempfile

import place
from binding import Binding
from federation import Federation
from im_blocking import Blocking
from im_chat import Chats
from im_commands import Commands
from im_components import Components
from im_discovery import Discovery
from im_gateway import Gateways
from im_messages import Messages
from im_presence import Presences
from im_rarities import Rarities
from im_registration import Registrations
from im_requests import Requests
from im_roster import Rosters
from im_servers import Servers
from leaks import whats_lost
from stage import Stage

import tap

PARTS = (Servers, Messages, Chats, Rosters, Presences, Blocking, Requests, Discovery, Commands,
         Rarities, Registrations, Components, Gateways)


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-im-") as folder:
        with Federation(place.prepare(folder)) as fed:
            stage = Stage(fed, Binding(os.path.abspath(sys.argv[1])))
            cases = [case for part in PARTS for case in part(stage).cases()]
            cases.append(("the library has lost no memory", whats_lost))
            wanted = sys.argv[2:]
            tap.run([case for case in cases
                     if not wanted or any(word in case[0] for word in wanted)])


if __name__ == "__main__":
    main()
