#!/bin/sh
# Installs what is missing of packages.txt: all of it, or only the sections named.
#
#     docker/install.sh [run] [build] [test]
#
# Runs as root or with sudo.  When nothing is missing it asks no server and is done at once.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

# The packages of the sections named, or of all.
wanted() {
    awk -v sections=" $* " '
        /^## /  { name = $2; sub(/:$/, "", name); next }
        /^#/ || NF == 0 { next }
        sections ~ /^ *$/ || index(sections, " " name " ") { print $1 }
    ' "$here/packages.txt"
}

# Installed, or provided by something installed: the nodejs of another source brings npm.
present() {
    dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' | awk '
        $1 == "installed" {
            sub(/^installed /, "")
            n = split($0, names, /, */)
            for (i = 1; i <= n; i++) { sub(/ .*/, "", names[i]); print names[i] }
        }'
}

missing() {
    { present; echo "--"; wanted "$@"; } | awk '
        !is_wanted && $1 == "--" { is_wanted = 1; next }
        !is_wanted { has[$1] = 1; next }
        !($1 in has) { print $1 }
    '
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -q "$@"
}

# Debian makes and starts a cluster of its own with the server; jingda has no use for it.
# Where PostgreSQL is managed already, that is somebody's decision and stays.
keep_cluster_away() {
    conf=/etc/postgresql-common/createcluster.conf
    if present | grep -qx postgresql-common || [ -e "$conf" ]; then
        return
    fi
    as_root mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
}

command -v apt-get >/dev/null ||
    fail "this is for Debian 12; elsewhere install what packages.txt names, by hand"
for section; do
    grep -q "^## $section:" "$here/packages.txt" || fail "no section $section in packages.txt"
done

list=$(missing "$@")
[ -n "$list" ] || exit 0
list=$(echo "$list" | tr '\n' ' ')
echo "install.sh: missing: $list"
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    fail "neither root nor sudo: have an administrator run: apt-get install $list"

keep_cluster_away
apt update || fail "apt-get update failed (see above): is there a way to a Debian mirror?"
# shellcheck disable=SC2086 # a list of names
apt install -y --no-install-recommends -o Dpkg::Options::=--force-confold $list ||
    fail "apt-get could not install: $list"
