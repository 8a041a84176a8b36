#!/usr/bin/env bash
# bench-web.sh: serves the reference data, optimised, and measures the main pages: requests a second, p50 and p99, what a visit weighs,
# and the memory of the server, PostgreSQL apart; as the public, and then as a member who is signed in, for whom each is made anew.
# CONNECTIONS and SECONDS_EACH say how hard and how long; REGION_DIR takes a large region that bench-region.sh kept, in the place of
# the reference data, and the public only.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
export SQLX_OFFLINE=true
cargo build --release --quiet --package compacts --bin compacts
cargo build --release --quiet --package load
if [[ -n ${REGION_DIR:-} ]]; then
    options=(--data-dir "$REGION_DIR/region" serve)
    kept=$REGION_DIR
else
    kept=$(mktemp -d)
    trap 'rm -rf "$kept"' EXIT
    chmod 755 "$kept"
    options=(--data-dir "$kept/data" serve --import-reference --demo-accounts)
fi
log=$kept/web.log
no_pace='{ per_second = 1000000, burst = 1000000 }'
COMPACTS_REQUESTS_OF_ADDRESS=$no_pace COMPACTS_REQUESTS_OF_ACCOUNT=$no_pace "$target/release/compacts" "${options[@]}" --listen 127.0.0.1:0 >"$log" 2>"$kept/web.err" &
server=$!
stop() {
    kill -TERM "$server" 2>/dev/null && wait "$server" || true
    [[ -n ${REGION_DIR:-} ]] || rm -rf "$kept"
}
trap stop EXIT
url=$(scripts/address.sh "$log" "$kept/web.err" "$server")
look=("$target/release/load" --pages --url "$url" --pid "$server" --connections "${CONNECTIONS:-16}" --seconds "${SECONDS_EACH:-5}")
echo "as the public:"
"${look[@]}"
if [[ -z ${REGION_DIR:-} ]]; then
    password=$(sed -n 's/.*all with the password  *//p' "$log")
    echo "as a member who is signed in:"
    "${look[@]}" --account member@demo.example --password "$password"
fi
