#!/bin/sh
# with-postgres.sh [-c name=value]... [--] command [argument]...
#
# Runs the command beside a throw-away PostgreSQL: a new data folder, a unix socket only,
# durable as a real one unless an option says otherwise (-c fsync=off).  The command finds
#   JINGDA_TEST_DATABASE  how to connect, as a superuser, to a database of its own
#   PGBIN, PGDATA         for pg_ctl, when a test stops and starts the server
#   JINGDA_TEST_AS        what to put before pg_ctl, so that it runs as the server's user
# Its exit status is ours.  Nothing is left behind, also after Ctrl-C or a TERM.
set -eu

settings=
while [ $# -gt 0 ]; do
    case $1 in
    -c) settings="$settings$2
"; shift 2 ;;
    --) shift; break ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || { echo "usage: $0 [-c name=value]... [--] command..." >&2; exit 2; }

find_bin() {
    for bin in "$(pg_config --bindir 2>/dev/null)" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
        [ -x "$bin/initdb" ] && { echo "$bin"; return; }
    done
    echo "$0: no initdb in pg_config --bindir or /usr/lib/postgresql" >&2
    return 1
}
PGBIN=$(find_bin)

JINGDA_TEST_AS=
if [ "$(id -u)" = 0 ]; then
    if command -v setpriv >/dev/null; then
        JINGDA_TEST_AS="setpriv --reuid=postgres --regid=postgres --init-groups"
    else
        JINGDA_TEST_AS="runuser -u postgres --"
    fi
fi

folder=$(mktemp -d /tmp/jingda-pg.XXXXXX) # short: a socket's path has at most 107 bytes
PGDATA=$folder/data
child=

as() {
    (cd "$folder" && exec $JINGDA_TEST_AS "$@")
}

clean_up() {
    status=$?
    trap '' INT TERM HUP
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :
    if [ -f "$PGDATA/postmaster.pid" ]; then
        # a test may have left it SIGSTOPped, and then no request would reach it
        kill -CONT "$(head -n 1 "$PGDATA/postmaster.pid")" 2>/dev/null || :
        as "$PGBIN/pg_ctl" -D "$PGDATA" -m immediate -w stop >/dev/null 2>&1 || :
    fi
    rm -rf "$folder"
    exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

[ -z "$JINGDA_TEST_AS" ] || chown postgres: "$folder"
as "$PGBIN/initdb" -D "$PGDATA" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
{
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$folder'"
    echo "unix_socket_permissions = 0777"
    echo "max_connections = 200"
    printf %s "$settings" | sed "s/'/''/g; s/=\(.*\)/ = '\1'/"
} >>"$PGDATA/postgresql.conf"

as "$PGBIN/pg_ctl" -D "$PGDATA" -w -t 60 -l "$folder/log" start >/dev/null ||
    { tail -n 50 "$folder/log" >&2; exit 1; }
"$PGBIN/createdb" -h "$folder" -U postgres jingda_test

JINGDA_TEST_DATABASE="host=$folder user=postgres dbname=jingda_test"
export JINGDA_TEST_DATABASE JINGDA_TEST_AS PGBIN PGDATA

# In the background, since the shell runs its traps only between commands or in `wait`; what
# runs there would read from /dev/null.
exec 3<&0
"$@" <&3 3<&- &
child=$!
wait "$child" && status=0 || status=$?
child=
exit $status
