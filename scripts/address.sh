#!/usr/bin/env bash
# address.sh LOG ERRORS PID: waits until the server that runs as PID has said in LOG where it listens, and says it. Fails with what is in
# ERRORS when the server ends first, or says nothing for two minutes.
set -euo pipefail

for _ in $(seq 600); do
    address=$(grep --only-matching --max-count 1 'http://127\.0\.0\.1:[0-9]*' "$1" || true)
    [[ -n $address ]] && { echo "$address"; exit 0; }
    kill -0 "$3" 2>/dev/null || { cat "$2" >&2; exit 1; }
    sleep 0.2
done
cat "$2" >&2
echo "the server did not start within two minutes" >&2
exit 1
