#!/usr/bin/env bash
# Checks the dependencies by deny.toml: licences, sources and bans always; known vulnerabilities when the database of
# advisories can be fetched, and says so when it cannot.
set -euo pipefail

cargo deny --log-level error check bans licenses sources
if problem=$(timeout 120 cargo deny --log-level error fetch db 2>&1); then
    cargo deny --log-level error --offline check advisories
else
    echo "advisories: NOT CHECKED, because their database could not be fetched: $(tail -n 1 <<<"$problem")" >&2
fi
