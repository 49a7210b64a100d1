#!/bin/sh
# run.sh FOLDER SECONDS
#
# Builds every fuzzer of this folder with clang into FOLDER, and runs each over its kept
# corpus (corpus/NAME) and then for SECONDS more.  What they find new is kept in
# FOLDER/found/NAME, what makes one fail in FOLDER/failed.  The last line says how many
# passed; the exit status is 0 if all did.
set -eu

[ $# = 2 ] || { echo "usage: $0 FOLDER SECONDS" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
seconds=$2
cd "$(dirname "$0")/../.."
root=$PWD

packages="libevent_core jansson libjwt libcrypto libpq expat libzip xlsxwriter"
# The macro is gcc's, by which the arena knows that it should poison what is spare.
flags="-std=gnu11 -O1 -g -w -D_GNU_SOURCE -D__SANITIZE_ADDRESS__ -DLLHTTP_STRICT_MODE=1
    -fno-omit-frame-pointer -fno-sanitize-recover=undefined
    -fsanitize=fuzzer-no-link,address,undefined
    -I$root/server -I/usr/share/include/llhttp
    $(pkg-config --cflags $packages)"
libraries="$(pkg-config --libs $packages) -lcsv -lm"

# Sets `object` to a source's, made anew when the source or any header is newer.
object_of() {
    object=$folder/objects/$(echo "${1#/}" | tr / _).o
}

compile() {
    object_of "$1"
    if [ ! -f "$object" ] || [ "$1" -nt "$object" ] ||
        [ -n "$(find server tests/fuzz -name '*.h' -newer "$object" | head -n 1)" ]; then
        echo "$1"
    fi
}

sources=$(find server -name '*.c' ! -name main.c ! -path 'server/command/*' | sort)
sources="$sources $(ls /usr/share/llhttp/*.c)"
mkdir -p "$folder/objects" "$folder/failed"
for source in $sources; do compile "$source"; done | xargs -r -P "$(nproc)" -I@ sh -c '
    object='"$folder"'/objects/$(echo "$1" | sed "s:^/::; s:/:_:g").o
    exec clang $2 -c "$1" -o "$object"' - @ "$(echo $flags)"

objects=
for source in $sources; do
    object_of "$source"
    objects="$objects $object"
done
rm -f "$folder/house.a"
ar rcs "$folder/house.a" $objects

passed=0
failed=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    corpus=tests/fuzz/corpus/$name
    found=$folder/found/$name
    mkdir -p "$found"
    if clang $flags -DSOURCE_ROOT="\"$root\"" -fsanitize=fuzzer,address,undefined \
        "$source" "$folder/house.a" $libraries -o "$folder/fuzz_$name" &&
        "$folder/fuzz_$name" -runs=0 -timeout=10 "$corpus" >"$folder/$name.log" 2>&1 &&
        "$folder/fuzz_$name" -max_total_time="$seconds" -timeout=10 -max_len=8192 \
            -artifact_prefix="$folder/failed/$name-" "$found" "$corpus" \
            >>"$folder/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "$name: passed, $(grep -o "^Done [0-9]* runs" "$folder/$name.log" | tail -n 1)"
    else
        failed=$((failed + 1))
        echo "$name: FAILED"
        tail -n 40 "$folder/$name.log" || :
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
