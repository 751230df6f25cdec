# shellcheck shell=bash
# What has to be there: Debian's packages, and Python's below certkit in the user's cache folder. Installs what is missing
# and nothing else; starts no service.

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# wants COMMAND PACKAGE...: prints the packages whose command is not there.
wants() {
    while (($# > 0)); do
        command -v "$1" >/dev/null || echo "$2"
        shift 2
    done
}

# absent PACKAGE...: prints those that are not installed.
absent() {
    local package
    for package; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

# A browser, and something for it to write letters with.
wants_browser() {
    wants chromium chromium
    [[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]] || echo fonts-dejavu-core
}

# Tomcat itself, without the service and the user that the package tomcat10 adds.
CATALINA_HOME=${CATALINA_HOME:-/usr/share/tomcat10}
wants_tomcat() {
    [[ -e $CATALINA_HOME/bin/catalina.sh && -e $CATALINA_HOME/lib/catalina.jar ]] || echo tomcat10-common
}

# need COMMAND PACKAGE...: installs the packages whose command is not there.
need() {
    local packages
    mapfile -t packages < <(wants "$@")
    apt_install "${packages[@]}"
}

# install_missing: installs what `missing_packages` of the script prints.
install_missing() {
    local packages
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} > 0)) || return 0
    apt_install "${packages[@]}"
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} == 0)) || die "still missing after installing: ${packages[*]}"
}

# apt_install PACKAGE...: one script at a time; others wait.
apt_install() {
    (($# > 0)) || return 0
    command -v apt-get >/dev/null || die "missing, and there is no apt-get to install it: $*"
    ((EUID == 0)) || command -v sudo >/dev/null || die "missing; as root: apt-get install $*"
    printf 'installing %s\n' "$*" >&2
    mkdir -p "$caches"
    # In a shell of its own, which allows services again however it ends.
    (
        log=$(mktemp -t certkit-packages.XXXXXX) policy=
        trap 'rm -f "$log"; [[ -z $policy ]] || as_root rm -f "$policy"' EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 143' TERM
        exec 8>"$caches/packages.lock"
        flock 8
        # Keeps a package from starting the service it brings: invoke-rc.d asks this file first. Where there is
        # one already, its owner has decided.
        if [[ ! -e /usr/sbin/policy-rc.d ]]; then
            policy=/usr/sbin/policy-rc.d
            as_root install -m 755 /dev/stdin "$policy" <<<$'#!/bin/sh\nexit 101'
        fi
        apt=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get --yes -o DPkg::Lock::Timeout=600)
        # Old lists name old versions: they are fetched once a day.
        if [[ -z $(find "$caches/packages.listed" -mmin -1440 2>/dev/null) ]]; then
            as_root "${apt[@]}" update >"$log" 2>&1 8>&- && touch "$caches/packages.listed"
        fi
        for try in 1 2 3 4 5 6; do
            as_root "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 8>&- && exit
            # The lists may never have been fetched, name files that are no longer there, or be locked by another program.
            ((try == 1)) || sleep 10
            as_root "${apt[@]}" update >>"$log" 2>&1 8>&- || true
        done
        die "apt-get could not install $*: $(tail -n 3 "$log")"
    ) || exit
    hash -r
}

# once FOLDER FILE COMMAND...: runs a command that fills the folder, unless it was filled by this very file. Two runs may
# want to at once.
once() {
    local folder=$1 file=$2 kept
    kept=$folder/filled.$(basename "$file")
    shift 2
    mkdir -p "$folder"
    {
        flock 9
        if ! cmp -s "$file" "$kept"; then
            rm -f "$kept"
            "$@" >"$folder/log" 2>&1 || die "$folder could not be filled: $(tail -n 3 "$folder/log")"
            cp "$file" "$kept"
        fi
    } 9>"$folder/lock"
}

# venv FOLDER REQUIREMENTS: a Python environment with these packages, FOLDER/venv.
venv() {
    python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3 python3-venv
    once "$1" "$2" fill_venv "$1/venv" "$2"
}

fill_venv() { rm -rf "$1" && python3 -m venv "$1" && "$1/bin/pip" install -r "$2"; }
