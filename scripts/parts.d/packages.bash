# What the parts need from Debian. Installs what is missing and nothing else; starts no service.

policy_made=

missing_packages() {
    command -v openssl >/dev/null || echo openssl
    command -v python3 >/dev/null || echo python3
    command -v nginx >/dev/null || echo nginx
    # keytool comes along: the tests look into stores with it.
    { command -v java && command -v keytool; } >/dev/null || echo default-jre-headless
    # Tomcat itself, without the service and the user that the package tomcat10 adds.
    [[ -e $CATALINA_HOME/bin/catalina.sh && -e $CATALINA_HOME/lib/catalina.jar ]] || echo tomcat10-common
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >>"$dir/logs/packages.log" 2>&1
}

# Keeps a package from starting the service it brings: invoke-rc.d asks this file first. Where there is
# one already, its owner has decided.
forbid_services() {
    local policy=/usr/sbin/policy-rc.d
    [[ ! -e $policy ]] || return 0
    policy_made=$policy
    install -m 755 /dev/stdin "$policy" <<<$'#!/bin/sh\nexit 101'
}

allow_services() {
    [[ -z $policy_made ]] || rm -f "$policy_made"
    policy_made=
}

install_missing() {
    local packages
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} == 0)) && return 0
    command -v apt-get >/dev/null || die "missing, and there is no apt-get to install it: ${packages[*]}"
    ((EUID == 0)) || die "missing; as root: apt-get install ${packages[*]}"
    # In a shell of its own, which allows services again however it ends.
    (
        trap allow_services EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 143' TERM
        forbid_services
        # The lists may never have been fetched, or name files that are no longer there.
        if ! apt_install "${packages[@]}"; then
            apt-get update >>"$dir/logs/packages.log" 2>&1 || true
            apt_install "${packages[@]}" \
                || die "apt-get could not install ${packages[*]}: $(tail -n 3 "$dir/logs/packages.log")"
        fi
    ) || exit
    hash -r
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} == 0)) || die "still missing after installing: ${packages[*]}"
}
