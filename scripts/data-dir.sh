#!/usr/bin/env bash
# Prints the data directory for `make run`: .compacts here, or /var/lib/compacts when we are root and the account that
# PostgreSQL runs as cannot reach this folder (a clone in /root, say). DATA_DIR overrules both.
set -euo pipefail

if [[ -n ${DATA_DIR:-} ]]; then
    echo "$DATA_DIR"
    exit
fi
here="$PWD/.compacts"
if ((EUID != 0)); then
    echo "$here"
    exit
fi
account=postgres
id -u "$account" >/dev/null 2>&1 || account=nobody
if setpriv --reuid "$account" --regid "$(id -g "$account")" --clear-groups test -x "$PWD" 2>/dev/null; then
    echo "$here"
else
    echo /var/lib/compacts
fi
