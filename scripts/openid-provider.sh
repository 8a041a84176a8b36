#!/usr/bin/env bash
# openid-provider.sh: installs the OpenID provider that the tests sign in at, from its lockfile. Does nothing when it is there.
set -euo pipefail
exec "$(dirname "$0")/ensure-npm.sh" tests/openid-provider "the tests' OpenID provider" \
    "The tests sign in at an OpenID provider that runs on Node.js"
