# shellcheck shell=bash
# Steps and what they say.

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

# make WHAT...: runs certkit, which has to succeed without a warning.
make() {
    local said
    said=$("$certkit" "$@" 2>&1) || die "certkit $* failed: $said"
}
