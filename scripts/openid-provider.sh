#!/usr/bin/env bash
# openid-provider.sh: installs the OpenID provider that the tests sign in at, from its lockfile. Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")/../tests/openid-provider"

if [[ -e node_modules/.package-lock.json && ! package-lock.json -nt node_modules/.package-lock.json ]]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "The tests sign in at an OpenID provider that runs on Node.js: install Node.js 20 or later with npm, then try again." >&2
    exit 1
fi
echo "Installing the tests' OpenID provider."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
