# shellcheck shell=bash
# Archives and packages for Linux.

works() { "$@" selftest --json >"$dir/selftest.json" && "$@" version; }

# no_later_than VERSION FILE: needs no symbol of a later glibc.
no_later_than() {
    local newest
    newest=$(objdump -T "$2" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
    printf '%s needs %s\n' "$2" "$newest"
    [[ $newest && $(printf '%s\n' "GLIBC_$1" "$newest" | sort -V | tail -n 1) == "GLIBC_$1" ]]
}

below() { # BYTES FILE
    local size
    size=$(stat -c %s "$2")
    printf '%s: %s bytes\n' "$2" "$size"
    ((size < $1))
}

is_static() { objdump -p "$1" >"$dir/headers" && refuses grep -q NEEDED "$dir/headers"; }

try_archive() { # NAME
    one "certkit-*-$1.tar.gz" || return 0
    local folder=$dir/$1
    mkdir "$folder"
    tar -xzf "$file" -C "$folder" --strip-components 1
    step "$1: manual pages, completions and licences are there" test -s "$folder/man/man1/certkit-fetch.1" \
        -a -s "$folder/completions/certkit.bash" -a -s "$folder/THIRD-PARTY.txt" -a -s "$folder/LICENSE-MIT"
    step "$1: the program is below 16 MB" below 16000000 "$folder/certkit"
    case $1 in
    *-static) step "$1: it needs no library" is_static "$folder/certkit" ;;
    *) step "$1: it needs nothing later than glibc 2.17" no_later_than 2.17 "$folder/certkit" ;;
    esac
    if [[ $1 == "$(uname -m)"-* ]]; then step "$1: selftest" works "$folder/certkit"; fi
}

try_archives() {
    try_archive x86_64-linux
    try_archive x86_64-linux-static
    try_archive aarch64-linux
}

# --- Debian -------------------------------------------------------------------

# The mirror of Debian that this machine installs from.
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | head -n 1; }

# debian_root RELEASE: a fresh root, from an archive that is made once.
debian_root() {
    local kept=$cache/$1.tar
    if [[ ! -s $kept ]]; then
        debootstrap --variant=minbase "$1" "$dir/made" "$(mirror)" >"$dir/logs/$1.log" 2>&1 ||
            die "debootstrap could not make a root of $1: $(tail -n 2 "$dir/logs/$1.log")"
        tar -C "$dir/made" -cf "$kept.new" . && mv "$kept.new" "$kept"
        rm -rf "$dir/made"
    fi
    mkdir "$dir/$1"
    tar -C "$dir/$1" -xf "$kept"
    fresh=$dir/$1
}

# offline COMMAND...: with no network but loopback.
offline() { unshare --net sh -c 'ip link set lo up; exec "$@"' sh "$@"; }

# inside COMMAND...: in the fresh root.
inside() { offline chroot "$fresh" "$@"; }

holds() { grep -qF -- "$1" "$2"; }

first_minutes() { # the demo does the main job: the CA file that Kepware needs, checked
    local start=$SECONDS
    inside certkit demo >"$dir/demo" 2>&1
    holds 'thingworx-ca.cer (1 certificate)' "$dir/demo" && ((SECONDS - start < 120))
}

timer_is_off() { [[ -e $fresh/lib/systemd/system/certkit-expiry.timer && ! -e $fresh/etc/systemd/system/timers.target.wants/certkit-expiry.timer ]]; }

conffile_is_kept() {
    echo '# the plant' >>"$fresh/etc/certkit/inventory.toml"
    inside dpkg --force-confold -i /certkit.deb && holds '# the plant' "$fresh/etc/certkit/inventory.toml"
}

purged() {
    inside dpkg --purge certkit-cli && [[ ! -e $fresh/etc/certkit && ! -e $fresh/var/lib/certkit && ! -e $fresh/usr/bin/certkit ]]
}

try_deb() {
    one 'certkit-cli_*_amd64.deb' || return 0
    step '.deb: lintian finds no error' lintian --fail-on error --allow-root "$file"
    mkdir "$dir/units"
    dpkg-deb -x "$file" "$dir/units"
    step '.deb: systemd takes the units' units_are_fine "$dir/units/lib/systemd/system"
    [[ ! $quick ]] || return 0
    local release start
    for release in bullseye bookworm; do
        debian_root "$release"
        cp "$file" "$fresh/certkit.deb"
        start=$SECONDS
        step "$release: installed without network" inside dpkg -i /certkit.deb
        step "$release: selftest" inside certkit selftest
        step "$release: the CA file of the demo's ThingWorx" first_minutes
        printf '# from the file to the CA file: %s s\n' $((SECONDS - start))
        step "$release: the timer is off" timer_is_off
        step "$release: a day's run without a source is an error, not silence" \
            eval 'inside certkit expiry --config /etc/certkit/inventory.toml >/dev/null 2>&1; (($? == 3))'
        step "$release: installed again, the inventory stays as it was changed" conffile_is_kept
        step "$release: nothing is left when it is purged" purged
        rm -rf "$fresh"
    done
}

units_are_fine() { # FOLDER: the program is where the unit says, on a machine where it is installed
    sed -i 's|"/usr/bin/certkit"|/bin/true|' "$1"/*.service
    systemd-analyze verify --man=no "$1"/certkit-expiry.service "$1"/certkit-expiry.timer
}

# --- rpm ----------------------------------------------------------------------

rpm_lists() {
    rpm -qlp "$file" >"$dir/listed" && holds /usr/bin/certkit "$dir/listed" && holds certkit-expiry.timer "$dir/listed" &&
        [[ $(rpm -qcp "$file") == /etc/certkit/inventory.toml ]]
}

needs_old_glibc() {
    rpm -qRp "$1" >"$dir/required" && holds 'libc.so.6' "$dir/required" &&
        refuses grep -qE 'GLIBC_2\.(1[89]|[2-9][0-9])' "$dir/required"
}

try_rpm() {
    one 'certkit-cli-*.x86_64.rpm' || return 0
    local there=$dir/rpm
    step '.rpm: its files, and one of them configuration' rpm_lists
    step '.rpm: it asks for no later glibc' needs_old_glibc "$file"
    mkdir "$there"
    step '.rpm: installed in a root of its own' rpm --root "$there" --dbpath /rpm --nodeps --noscripts -i "$file"
    step '.rpm: selftest of what is there' works "$there/usr/bin/certkit"
    step '.rpm: what is there is what was packed' rpm --root "$there" --dbpath /rpm --nodeps -V certkit-cli
    echo '# the plant' >>"$there/etc/certkit/inventory.toml"
    step '.rpm: erased' rpm --root "$there" --dbpath /rpm --noscripts -e certkit-cli
    step '.rpm: an inventory that was changed is kept' test -e "$there/etc/certkit/inventory.toml.rpmsave"
}
