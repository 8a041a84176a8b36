#!/usr/bin/env bash
# bench-region.sh: makes a large invented region in a folder of its own, rebuilds and checks its views, serves it, and asks what
# people ask most. COMPACTS, ORGANISATIONS, YEARS, CONNECTIONS and SECONDS_EACH say how large and how long; REGION_DIR keeps the data
# (and takes up what is there), else it is thrown away.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
export SQLX_OFFLINE=true
cargo build --release --quiet --package compacts --bin compacts
cargo build --release --quiet --package load
compacts=$target/release/compacts

if [[ -n ${REGION_DIR:-} ]]; then
    data=$REGION_DIR
    mkdir -p "$data"
else
    data=$(mktemp -d)
    trap 'rm -rf "$data"' EXIT
fi
chmod 755 "$data"

run() { "$compacts" --data-dir "$data/region" "$@"; }

# The same, and says how much memory it had, where GNU time is there to tell.
weighed() {
    if [[ -x /usr/bin/time ]]; then
        /usr/bin/time --format 'at most %M KiB of memory' "$compacts" --data-dir "$data/region" "$@"
    else
        run "$@"
    fi
}

echo "== generate"
weighed generate --compacts "${COMPACTS:-50}" --organisations "${ORGANISATIONS:-200}" --years "${YEARS:-10}"
# What was generated is in the ledgers alone: the first rebuild makes the views, the second is compared with them.
echo "== rebuild"
run rebuild >"$data/rebuild.log" 2>&1 || { cat "$data/rebuild.log" >&2; exit 1; }
weighed rebuild
echo "== check"
weighed check

echo "== serve"
log=$data/serve.log
no_pace='{ per_second = 1000000, burst = 1000000 }'
COMPACTS_REQUESTS_OF_ADDRESS=$no_pace run serve --listen 127.0.0.1:0 >"$log" 2>"$data/serve.err" &
server=$!
stop() {
    kill -TERM "$server" 2>/dev/null && wait "$server" || true
    [[ -n ${REGION_DIR:-} ]] || rm -rf "$data"
}
trap stop EXIT
url=$(scripts/address.sh "$log" "$data/serve.err" "$server")
ask() { "$target/release/load" --url "$url" --connections "${CONNECTIONS:-16}" --seconds "${SECONDS_EACH:-5}" "$@"; }
echo "== every answer made anew"
ask --anew
echo "== as the public asks: what was answered already, and is true, is handed out again"
ask --pid "$server"
