# shellcheck shell=bash
# Wine, in a prefix of its own: WINEPREFIX is set before.

wine_home=/usr/lib/wine
# Neither .NET nor a browser engine is wanted; without this Wine offers both.
export WINEPREFIX WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY
wine_is_up=

# wine SECONDS PROGRAM ARGUMENT...
wine() {
    local limit=$1
    shift
    timeout -k 5 "$limit" "$wine_home/wine64" "$@"
}

# start_wine LOG
start_wine() {
    [[ -x $wine_home/wine64 ]] || die "no $wine_home/wine64"
    mkdir -p "$WINEPREFIX"
    wine_is_up=yes
    # Kept running between the steps: starting it costs more than a step.
    "$wine_home/wineserver" -p
    wine 180 wineboot --init >"$1" 2>&1 </dev/null || die "Wine did not start: $(tail -n 3 "$1")"
}

# Its services outlive the last program for a while; nothing may stay.
stop_wine() {
    [[ $wine_is_up ]] || return 0
    wine_is_up=
    if "$wine_home/wineserver" -k 2>/dev/null; then timeout 30 "$wine_home/wineserver" -w || true; fi
}

# make_bcryptprimitives FILE: a library of Windows 10 that Wine 8 lacks.
make_bcryptprimitives() {
    x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -O2 -s -shared -o "$1" "$scripts/windows.d/bcryptprimitives.c" -ladvapi32
}
