# shellcheck shell=bash
# Runs certkit.exe under Wine in a prefix of its own and counts what held.
# Sourced by scripts/windows, which sets exe, here and target.

smoke=$target/smoke
WINEPREFIX=$target/wine
source "$scripts/common/wine.bash"

passed=0
failed=0
status=0
server=
server_port=

finish() {
    local code=$?
    trap - EXIT
    stop_server
    stop_wine
    exit "$code"
}

prepare() {
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    rm -rf "$smoke"
    mkdir -p "$smoke"
    printf 'starting Wine\n' >&2
    start_wine "$smoke/wineboot.log"
    make_bcryptprimitives "$smoke/bcryptprimitives.dll"
    cp "$exe" "$smoke/certkit.exe"
    cd "$smoke"
}

# Runs the command as `certkit ARGUMENT...`; leaves its status in $status and
# its output in the files out and err. Standard input is the file in $stdin.
certkit() {
    status=0
    command_line="certkit $*"
    wine "${limit:-60}" certkit.exe "$@" \
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
