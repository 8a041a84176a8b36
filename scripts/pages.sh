#!/usr/bin/env bash
# pages.sh: builds the pages' styles and script into services/web/assets/dist, from where the binary embeds them. Does nothing
# when they are newer than what they are made of. Without npm, or without a way to its packages, the pages are built all the
# same: they do their work without styles, and say on top what is missing.
set -euo pipefail
cd "$(dirname "$0")/../services/web/assets"

built=dist/icon.svg
if [[ -e $built && -z $(find package.json package-lock.json build.mjs src -newer $built) ]]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "The pages are left without styles: npm is not installed. Install Node.js 20 or later, then run: make pages" >&2
    exit 0
fi
echo "Building the pages' styles and script."
if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || ! npm run --silent build; then
    echo "The pages are left without styles: npm could not build them. Put that right, then run: make pages" >&2
fi
