# shellcheck shell=bash
# Servers that stay up in a folder after the script has ended, until it is called again: SCRIPT up|down DIR.
#
# The script defines `start_servers`, which gathers the lines of DIR/SCRIPT.env in $facts, and $made, the names of what an
# earlier run leaves in DIR.

up_finished=

stop_unless_up() {
    local status=$?
    trap - EXIT
    [[ -z $up_finished ]] || exit 0
    # One that was started this instant may not be written down yet.
    kill $(jobs -p) 2>/dev/null || true
    if stop_all; then printf 'scripts/%s: nothing is left running; logs are in %s\n' "$script" "$dir/logs" >&2; fi
    exit $((status == 0 ? 3 : status))
}

# Makes DIR ours, or finds that it is, and empties it of an earlier run.
prepare() {
    [[ -z $(living) ]] || die "$dir: servers are up already; scripts/$script down $dir"
    if [[ ! -e $dir/.$script && -n $(ls -A "$dir") ]]; then
        die "$dir: neither empty nor of an earlier run"
    fi
    : >"$dir/.$script"
    # Wherever DIR lies, its keys are in no commit.
    echo '*' >"$dir/.gitignore"
    (cd "$dir" && rm -rf logs pids "$script.env" "${made[@]}")
    mkdir "$dir/logs"
    : >"$dir/pids"
}

up() {
    mkdir -p "$1"
    dir=$(cd "$1" && pwd -P)
    prepare
    trap stop_unless_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    start_servers
    printf '%s\n' "${facts[@]}" >"$dir/$script.env.new"
    mv "$dir/$script.env.new" "$dir/$script.env"
    up_finished=yes
    echo "$script: $(wc -l <"$dir/pids") processes; $dir/$script.env"
}

down() {
    [[ -d $1 ]] || return 0
    dir=$(cd "$1" && pwd -P)
    stop_all
    rm -f "$dir/$script.env"
}

up_or_down() {
    case ${1-}:$# in
    up:2) up "$2" ;;
    down:2) down "$2" ;;
    *) misused ;;
    esac
}
