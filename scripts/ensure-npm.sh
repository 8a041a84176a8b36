#!/usr/bin/env bash
# ensure-npm.sh FOLDER WHAT WHY: installs the npm packages of a folder from its lockfile, saying WHAT that is. Does nothing when they are there;
# without npm, says WHY it is needed.
set -euo pipefail
cd "$(dirname "$0")/../$1"

if [[ -e node_modules/.package-lock.json && ! package-lock.json -nt node_modules/.package-lock.json ]]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "$3: install Node.js 20 or later with npm, then try again." >&2
    exit 1
fi
echo "Installing $2."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
