#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# From a fresh Debian 12 to a bot that talks, in one command: installs what is missing, builds,
# starts a private Prosody on loopback with its own authority and two accounts, lets the echo bot
# log in as one and talks to it as the other, prints the conversation, and stops everything. As root
# or as a user with sudo. All that it makes is in one folder under /tmp, which goes in the end.
#
#     sh examples/quickstart.sh
set -eu
umask 022
cd "$(dirname "$0")/.."
. tests/packages.sh
unset CC CFLAGS LDFLAGS DESTDIR LD_LIBRARY_PATH XMPP_PASSWORD
export LC_ALL=C.UTF-8

folder=
running=

# Stops what runs, by its id, and takes the folder away. Runs once, however this ends.
clean_up()
{
    status=$?
    trap '' EXIT HUP INT PIPE TERM
    for process in $running; do
        kill "$process" 2>/dev/null || true
    done
    wait
    [ -z "$folder" ] || rm -rf "$folder" || { sleep 1 && rm -rf "$folder"; }
    exit "$status"
}

# run COMMAND... : waits for it, and can be interrupted at once while it waits
run()
{
    # a command in the background reads nothing, unless it is told what: our own standard input
    { "$@" <&3 3<&- & } 3<&0
    process=$!
    running="$process $running"
    wait "$process"
}

fail()
{
    echo "quickstart: $1" >&2
    [ ! -f "$2" ] || cat "$2" >&2
    exit 1
}

# wait_for FILE PATTERN PID : until a line of the file matches, as long as the process lives
wait_for()
{
    while ! grep -q "$2" "$1" 2>/dev/null; do
        kill -0 "$3" 2>/dev/null || return 1
        sleep 0.1
    done
}

# shellcheck disable=SC2086 # lists of words
packages_install $packages_build $packages_server || fail "packages are missing" ""

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
folder=$(mktemp -d /tmp/libxmpp-quickstart-XXXXXX)
chmod 755 "$folder"
mkdir "$folder/server"

echo "building ..."
log=$folder/build.log
run meson setup "$folder/build" -Doptimization=2 -Dtests=false >"$log" 2>&1 </dev/null ||
    fail "the build could not be set up" "$log"
run ninja -C "$folder/build" >"$log" 2>&1 </dev/null || fail "the build failed" "$log"

echo "starting a private Prosody ..."
log=$folder/server.log
PYTHONDONTWRITEBYTECODE=1 python3 tests/live/prosody.py "$folder/server" >"$log" 2>&1 </dev/null &
server=$!
running="$server $running"
wait_for "$log" "^ready" "$server" || fail "Prosody did not start" "$log"
read -r _ host port domain authority <"$log"
options="--server $host:$port --ca $authority"

# Passwords come from the environment, and from a file; never from the command line.
# shellcheck disable=SC2086 # a list of words
XMPP_PASSWORD="pencil & paper" "$folder/build/examples/echo_bot" $options "bob@$domain" \
    >"$folder/bot.log" 2>&1 </dev/null &
bot=$!
running="$bot $running"
wait_for "$folder/bot.log" "^online" "$bot" || fail "the bot did not log in" "$folder/bot.log"
jid=$(sed -n 's/^online as \([^ ]*\) .*/\1/p' "$folder/bot.log")

printf '%s\n' connect 'wait online 20000' \
    "message $jid Hello, bot!" 'wait message 20000' \
    "message $jid Do you understand me?" 'wait message 20000' quit >"$folder/script"
# shellcheck disable=SC2086 # a list of words
XMPP_PASSWORD="alice's password" run "$folder/build/examples/xmpp_console" $options "alice@$domain" \
    <"$folder/script" >"$folder/alice.log" 2>&1 || fail "alice has failed" "$folder/alice.log"

echo
python3 - "$folder/script" "$folder/alice.log" "$folder/bot.log" <<'END'
import json
import sys

script, alice, bot = (open(name, encoding="utf-8").read().splitlines() for name in sys.argv[1:])
print("bob, by echo_bot:\n   ", next(line for line in bot if line.startswith("online")))
print("alice, by xmpp_console:")
texts = [line.split(" ", 2)[2] for line in script if line.startswith("message ")]
for event in map(json.loads, alice):
    if event["event"] == "facts":
        binding = event["binding"] or event["binding_note"]
        print(f"    online as {event['jid']} (TLS: {event['tls_version']}, mechanism: "
              f"{event['mechanism']}, {binding})")
    elif event["event"] == "stanza" and texts and event["body"] == texts[0]:
        print(f"    to the bot: {texts.pop(0)}\n    {event['from']}: {event['body']}")
sys.exit("the bot did not answer" if texts else 0)
END
echo
echo "The bot has answered; everything is stopped and removed."
