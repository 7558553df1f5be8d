#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole test: installs what is missing, builds with gcc and clang under sanitizers and once
# optimised, runs every suite, and ends with one line that counts cases. As root, or as a user with
# sudo if something is missing.
#
#     sh tests/run.sh                  all of it
#     sh tests/run.sh --quick          one build (gcc, sanitizers), kept for the next time
#     sh tests/run.sh --quick jid xml  of that, these suites
set -eu
umask 022
cd "$(dirname "$0")/.."
. tests/packages.sh

# Nothing of the caller's surroundings but the path to the tools may matter.
unset CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS DESTDIR MAKEFLAGS ASAN_OPTIONS UBSAN_OPTIONS \
    LSAN_OPTIONS LD_PRELOAD LD_LIBRARY_PATH XMPP_PASSWORD TMPDIR
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

# shellcheck disable=SC2086 # lists of words
if ! packages_install $packages_build $packages_server $packages_loops $packages_tests; then
    echo "0 passed, 1 failed"
    exit 1
fi
exec python3 tests/run.py "$@" </dev/null
