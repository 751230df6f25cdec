# Steps and what they say; ports; what is waited for.

passed=0
failed=0

# step WORDS COMMAND...: says whether the command succeeds, and what it said where it does not.
step() {
    local words=$1
    shift
    if "$@" >"$dir/said" 2>&1; then
        passed=$((passed + 1))
        printf 'ok - %s\n' "$words"
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n' "$words"
        tail -n 12 "$dir/said" | sed 's/^/    /'
    fi
}

# Succeeds where the command fails.
refuses() { ! "$@"; }

finish() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    ((failed == 0)) || exit 1
}

# await NAME PORT: until somebody listens there.
await() {
    until (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; do
        must_live "$1"
        ((SECONDS < deadline)) || die "$1 did not answer in time: $(tail -n 3 "$dir/logs/$1.log")"
        sleep 0.1
    done
}

# fill TEMPLATE FILE NAME=value...
fill() {
    local template=$1 file=$2 pair edits=()
    shift 2
    for pair; do edits+=(-e "s|@${pair%%=*}@|${pair#*=}|g"); done
    sed "${edits[@]}" "$template" >"$file"
}

# make WHAT...: runs certkit, which has to succeed without a warning.
make() {
    local said
    said=$("$certkit" "$@" 2>&1) || die "certkit $* failed: $said"
}
