# shellcheck shell=bash
# Runs certkit.exe under Wine in a prefix of its own and counts what held.
# Sourced by scripts/windows, which sets exe, parts and target.

smoke=$target/smoke
wine_home=/usr/lib/wine
export WINEPREFIX=$target/wine WINEARCH=win64 WINEDEBUG=-all
# Neither .NET nor a browser engine is wanted; without this Wine offers both.
export WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY

passed=0
failed=0
status=0
server=
server_port=

finish() {
    local code=$?
    trap - EXIT
    stop_server
    # Wine's services outlive the last program for a while; nothing may stay.
    if "$wine_home/wineserver" -k 2>/dev/null; then
        timeout 30 "$wine_home/wineserver" -w || true
    fi
    exit "$code"
}

start_wine() {
    [ -x "$wine_home/wine64" ] || die "no $wine_home/wine64"
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    rm -rf "$smoke"
    mkdir -p "$smoke" "$WINEPREFIX"
    # Kept running between the steps: starting it costs more than a step.
    "$wine_home/wineserver" -p
    printf 'starting Wine\n' >&2
    timeout -k 5 180 "$wine_home/wine64" wineboot --init >"$smoke/wineboot.log" 2>&1 </dev/null ||
        die "Wine did not start, see $smoke/wineboot.log"
    x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -O2 -s -shared \
        -o "$smoke/bcryptprimitives.dll" "$parts/bcryptprimitives.c" -ladvapi32
    cp "$exe" "$smoke/certkit.exe"
    cd "$smoke"
}

# Runs the command as `certkit ARGUMENT...`; leaves its status in $status and
# its output in the files out and err. Standard input is the file in $stdin.
certkit() {
    status=0
    command_line="certkit $*"
    timeout -k 5 "${limit:-60}" "$wine_home/wine64" certkit.exe "$@" \
        <"${stdin:-/dev/null}" >out 2>err || status=$?
}

# expect NAME STATUSES [COMMAND ARGUMENT...]: the last run ended with one of
# STATUSES (like "0|1"), and COMMAND, if any, succeeds.
expect() {
    local name=$1 statuses=$2
    shift 2
    if [[ $status =~ ^($statuses)$ ]] && { [ $# -eq 0 ] || "$@" >aside 2>&1; }; then
        passed=$((passed + 1))
        printf 'ok - %s\n' "$name"
        return
    fi
    failed=$((failed + 1))
    printf 'not ok - %s\n' "$name"
    printf '#   %s\n' "$command_line"
    printf '#   status %s, wanted %s%s\n' "$status" "$statuses" "${*:+, and: $*}"
    head -n 5 err | sed 's/^/#   stderr: /'
    head -n 3 out | sed 's/^/#   stdout: /'
}

summary() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

# start_server ARGUMENT...: openssl's TLS server on the Linux side, on a free
# port of the loopback address, which is left in $server_port.
start_server() {
    local try
    openssl s_server -accept 127.0.0.1:0 "$@" >server.out 2>&1 </dev/null &
    server=$!
    for try in {1..50}; do
        server_port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' server.out)
        [ -z "$server_port" ] || return 0
        sleep 0.1
    done
    die "openssl's server did not start ($try tries): $(tail -n 1 server.out)"
}

stop_server() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
