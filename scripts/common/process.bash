# shellcheck shell=bash
# Processes, their pids and their ports. Knows how to start, watch and stop; not what is started.
#
# $dir/pids holds a line for each process: pid, its start time in clock ticks since boot, its name. The
# start time keeps a recycled pid from being taken for ours.

# Prints state and start time of a process; fails when there is none.
process_facts() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # The command's name, in parentheses, may itself hold blanks and parentheses.
    read -r -a stat <<<"${stat##*) }"
    printf '%s %s\n' "${stat[0]}" "${stat[19]}"
}

# Tells whether a pid still is the process that was started then; a zombie is not.
is_alive() {
    local state began
    read -r state began < <(process_facts "$1") || return 1
    [[ $began == "$2" && $state != [ZX] ]]
}

# Starts a command detached from the terminal, with its output in a log of its own.
start() {
    local name=$1 log=$dir/logs/$1.log pid began
    shift
    setsid "$@" </dev/null >"$log" 2>&1 &
    pid=$!
    read -r _ began < <(process_facts "$pid") || die "$name ended at once: $(tail -n 3 "$log")"
    printf '%s %s %s\n' "$pid" "$began" "$name" >>"$dir/pids"
}

# Prints as many ports as are wanted, free a moment ago.
free_ports() { python3 -B "$scripts/common/ports.py" "$1"; }

# await NAME PORT: until somebody listens there.
await() {
    until (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; do
        must_live "$1"
        in_time "$1"
        sleep 0.1
    done
}

in_time() { ((SECONDS < deadline)) || die "$1 did not answer in time: $(tail -n 3 "$dir/logs/$1.log")"; }

# Fails with the log's last words when a process that was started is gone.
must_live() {
    local pid began name
    read -r pid began name < <(grep -E " $1\$" "$dir/pids") || die "$1 was never started"
    is_alive "$pid" "$began" || die "$name ended: $(tail -n 3 "$dir/logs/$name.log")"
}

# Prints the lines of $dir/pids whose process lives.
living() {
    local pid began name
    [[ -f $dir/pids ]] || return 0
    while read -r pid began name; do
        if is_alive "$pid" "$began"; then printf '%s %s %s\n' "$pid" "$began" "$name"; fi
    done <"$dir/pids"
}

# Sends a signal to all that live and waits, at most the given tenths of a second, until none does.
signal_and_wait() {
    local pids
    mapfile -t pids < <(living | cut -d ' ' -f 1)
    ((${#pids[@]} == 0)) && return 0
    kill "-$1" "${pids[@]}" 2>/dev/null || true
    for ((tenth = 0; tenth < $2; tenth++)); do
        [[ -z $(living) ]] && return 0
        sleep 0.1
    done
    return 1
}

# Stops what $dir/pids names, kindly and then not. Keeps the file when something outlives even that.
stop_all() {
    if ! signal_and_wait TERM 50 && ! signal_and_wait KILL 30; then
        printf 'scripts/%s: error: still running: %s\n' "$script" "$(living)" >&2
        return 1
    fi
    rm -f "$dir/pids"
}

# fill TEMPLATE FILE NAME=value...
fill() {
    local template=$1 file=$2 pair edits=()
    shift 2
    for pair; do edits+=(-e "s|@${pair%%=*}@|${pair#*=}|g"); done
    sed "${edits[@]}" "$template" >"$file"
}
