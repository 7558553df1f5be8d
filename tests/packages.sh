# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced: what Debian's packages must be there, and how those that are missing are installed.
# Does nothing, and needs no right to do anything, when all are there.
# shellcheck shell=sh disable=SC2034,SC2086 # used where this is sourced; lists of words

# to build the library and the examples, and to start a private Prosody
packages_build="gcc libc6-dev meson ninja-build pkg-config python3 libgnutls28-dev libgsasl-dev
    libidn2-dev libldns-dev libunistring-dev libxml2-dev"
packages_server="prosody gnutls-bin util-linux"
# for the examples on other people's loops
packages_loops="libuv1-dev libglib2.0-dev"
# libclang-rt-14-dev (the sanitizers of clang) and libc6-dbg (for valgrind) are only recommended by
# what needs them; prosody-modules has the EXTERNAL of clients, and lua-unbound lets Prosody ask a
# nameserver of ours; nsd, unbound and ldnsutils are the private nameservers; ejabberd is the other
# server; in tmux the programs for a terminal are tried
packages_tests="ca-certificates g++ clang libclang-rt-14-dev clang-format-14 valgrind libc6-dbg libssl-dev doxygen
    shellcheck prosody-modules lua-unbound nsd unbound ldnsutils ejabberd tmux"

# packages_install NAME... : installs those that are missing; 0 if all are there in the end
packages_install()
{
    packages_missing=$(packages_absent "$@")
    [ -n "$packages_missing" ] || return 0
    echo "installing:" $packages_missing
    if [ "$(id -u)" = 0 ]; then
        packages_as_root=
    elif command -v sudo >/dev/null; then
        packages_as_root=sudo
    else
        echo "not installed, and neither root nor sudo to do it:" $packages_missing >&2
        return 1
    fi
    packages_fetch || return 1
    packages_missing=$(packages_absent "$@")
    [ -z "$packages_missing" ] || echo "could not be installed:" $packages_missing >&2
    [ -z "$packages_missing" ]
}

# Prints which of the packages are not installed.
packages_absent()
{
    for packages_name; do
        case $(dpkg-query -W -f '${Status}' "$packages_name" 2>/dev/null) in
            *" installed") ;;
            *) printf '%s ' "$packages_name" ;;
        esac
    done
}

# In a shell of its own, so that the policy is taken back however this ends. A policy-rc.d that
# exits 101 keeps what is installed from being started as a service; one that is there is respected.
packages_fetch()
(
    log=$(mktemp) || exit 1
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ] || [ -L "$policy" ]; then
        policy=
    fi
    trap 'rm -f "$log"; [ -z "$policy" ] || $packages_as_root rm -f "$policy"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    if [ -n "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $packages_as_root tee "$policy" >/dev/null || exit 1
        $packages_as_root chmod 755 "$policy" || exit 1
    fi
    apt="$packages_as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300"
    $apt update </dev/null >"$log" 2>&1 ||
        echo "going on with the lists of packages that are there" >&2
    $apt install --no-install-recommends $packages_missing </dev/null >>"$log" 2>&1 && exit 0
    tail -n 100 "$log" >&2
    exit 1
)
