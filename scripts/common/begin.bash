# shellcheck shell=bash
# What every script begins with: where it is, its help, its errors, what it installs.
#
# Exit statuses are alike: 0 all passed or done, 1 something failed or differs, 3 bad usage, or it could not be run.

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
root=$(dirname "$scripts")
script=$(basename "$0")
here=$scripts/$script.d
caches=${XDG_CACHE_HOME:-$HOME/.cache}/certkit
PATH=$PATH:/usr/sbin:/sbin

die() {
    printf 'scripts/%s: error: %s\n' "$script" "$*" >&2
    exit 3
}

# The comment at the head of the script.
usage() { sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; }

misused() {
    usage >&2
    exit 3
}

# Runs a command that has nothing to say unless it fails.
quietly() {
    local said
    said=$("$@" 2>&1) || die "$* failed: $said"
}

# program FILE: its whole path.
program() {
    [[ -x $1 && ! -d $1 ]] || die "$1 is no program; scripts/$script --help"
    printf '%s/%s\n' "$(cd "$(dirname "$1")" && pwd -P)" "$(basename "$1")"
}

# The certkit that is tried where none is named.
built() { printf '%s/debug/certkit\n' "${CARGO_TARGET_DIR:-$root/target}"; }

# temporary: a folder of its own, in $dir. When the script ends, what it has started is stopped and the folder removed; the
# logs of a run that failed stay.
temporary() {
    dir=$(mktemp -d -t "certkit-$script.XXXXXX")
    mkdir "$dir/logs"
    trap ended EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

ended() {
    local status=$?
    trap - EXIT
    # One that was started this instant may not be written down yet.
    kill $(jobs -p) 2>/dev/null || true
    if [[ -e $dir/pids ]]; then stop_all || status=3; fi
    if ((status == 0)); then rm -rf "${dir:?}"; else printf 'scripts/%s: logs are in %s\n' "$script" "$dir/logs" >&2; fi
    exit "$status"
}

source "$scripts/common/packages.bash"

case ${1-} in
-h | --help)
    usage
    exit
    ;;
esac
