#!/usr/bin/env bash
# Makes sure that the PostgreSQL programs are on this machine, in version 15 or later. Nothing is set up or started: the
# server and the tests run clusters of their own.
set -euo pipefail

minimum=15

# The major version of the PostgreSQL in a folder, or nothing.
version_in() {
    [[ -x $1/initdb && -x $1/postgres ]] || return 0
    "$1/postgres" --version 2>/dev/null | sed -nE 's/^postgres \(PostgreSQL\) ([0-9]+).*/\1/p'
}

have_postgres() {
    local folder version
    local folders=()
    [[ -n ${PG_BIN:-} ]] && folders+=("$PG_BIN")
    IFS=: read -ra on_path <<<"$PATH"
    folders+=("${on_path[@]}" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /usr/libexec/postgresql /opt/homebrew/bin)
    for folder in "${folders[@]}"; do
        version=$(version_in "$folder")
        [[ -n $version && $version -ge $minimum ]] && return 0
    done
    return 1
}

have_postgres && exit 0

if command -v apt-get >/dev/null && ((EUID == 0)); then
    echo "PostgreSQL $minimum or later is missing: installing Debian's package \`postgresql\` with apt-get."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
    have_postgres && exit 0
    echo "apt-get installed an older PostgreSQL than $minimum. Install a newer one, and set PG_BIN to its programs' folder." >&2
    exit 1
fi

if command -v apt-get >/dev/null; then command="sudo apt-get install -y postgresql"
elif command -v dnf >/dev/null; then command="sudo dnf install -y postgresql-server"
elif command -v apk >/dev/null; then command="sudo apk add postgresql"
elif command -v brew >/dev/null; then command="brew install postgresql"
else command="(with your package manager) install postgresql"
fi
echo "PostgreSQL $minimum or later is missing. Install it with: $command" >&2
exit 1
