# shellcheck shell=bash
# The exe and the installers.

WINEPREFIX=$dir/wine
source "$scripts/common/wine.bash"

windows() { wine 180 "$@" </dev/null; }

has_resources() { # EXE: icon, version and manifest
    wrestool -l "$1" >"$dir/resources"
    # Types 3 and 14 are icons, 16 is the version, 24 the manifest.
    local type
    for type in 3 14 16 24; do grep -q -- "--type='\?$type'\?" "$dir/resources" || { cat "$dir/resources"; return 1; }; done
    wrestool -x --raw --type=24 "$1" | grep -q 'longPathAware' && wrestool -x --raw --type=16 "$1" | iconv -f UTF-16LE -t UTF-8 -c | grep -q certkit
}

table() { msiinfo export "$file" "$1"; }

# signs FILE: with a certificate made for it, and a reader that trusts its CA takes it.
signs() {
    local certkit=$dir/x86_64-linux/certkit made=$dir/signing
    if [[ ! -d $made ]]; then
        mkdir "$made"
        # A CA's own certificate names no purposes, so that it may sign programs, too.
        "$certkit" generate ca --name 'certkit test signer' --key-type rsa:3072 --no-password \
            --cert-out "$made/signer.pem" --key-out "$made/signer.key"
    fi
    osslsigncode sign -h sha256 -n certkit -certs "$made/signer.pem" -key "$made/signer.key" -in "$1" -out "$dir/signed" &&
        osslsigncode verify -CAfile "$made/signer.pem" -in "$dir/signed"
    local status=$?
    rm -f "$dir/signed"
    return $status
}

installed=
find_installed() { installed=$(find "$WINEPREFIX/drive_c" -name certkit.exe -path '*certkit*' | head -n 1); [[ $installed ]]; }

run_installed() {
    find_installed || return 1
    # Wine 8 lacks a library of Windows 10; scripts/windows has one in its place.
    cp "$dir/bcryptprimitives.dll" "$(dirname "$installed")"
    windows "$installed" selftest
}

path_names() { # HOW: PATH of the registry has the folder, or not
    windows reg query "$1" /v PATH 2>/dev/null | grep -q '\\certkit'
}

# A later version: the same installer with other numbers.
later() { # FILE
    cp "$1" "$dir/later.msi"
    local set="UPDATE \`Property\` SET \`Value\` ="
    msibuild "$dir/later.msi" -q "$set '99.0.0' WHERE \`Property\` = 'ProductVersion'" \
        "$set '{11111111-2222-3333-4444-555555555555}' WHERE \`Property\` = 'ProductCode'"
    msiinfo export "$dir/later.msi" Upgrade | sed 's/^\([^\t]*\t[^\t]*\t\)[^\t]*\(\t.*WIX_UPGRADE_DETECTED\)/\1''99.0.0\2/' >"$dir/Upgrade.idt"
    msibuild "$dir/later.msi" -i "$dir/Upgrade.idt"
}

try_installer() { # NAME KEY
    local key=$2 code
    start=$SECONDS
    code=$(table Property | sed -n 's/^ProductCode\t\({.*}\).*/\1/p')
    step "$1: installs" windows msiexec /i "$(winepath_of "$file")" /qn
    step "$1: what it has installed works" run_installed
    printf '# from the file to the selftest: %s s\n' $((SECONDS - start))
    step "$1: the folder is in PATH" path_names "$key"
    mkdir -p "$WINEPREFIX/drive_c/plant" && echo mine >"$WINEPREFIX/drive_c/plant/inventory.toml"
    echo mine >"$(dirname "$installed")/mine.toml"
    later "$file"
    step "$1: a later version takes its place" windows msiexec /i "$(winepath_of "$dir/later.msi")" /qn
    step "$1: it is there once" eval '[[ $(windows reg query "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall" /s 2>/dev/null | grep -c "DisplayName.*certkit") == 1 ]]'
    step "$1: it works after that" run_installed
    step "$1: uninstalls" windows msiexec /x '{11111111-2222-3333-4444-555555555555}' /qn
    step "$1: the program is gone, and not what a user has made" eval \
        '! find_installed && [[ -s $WINEPREFIX/drive_c/plant/inventory.toml && -n $(find "$WINEPREFIX/drive_c" -name mine.toml) ]]'
    step "$1: PATH is as it was" refuses path_names "$key"
    find "$WINEPREFIX/drive_c" -name mine.toml -delete
}

winepath_of() { printf 'Z:%s' "${1//\//\\}"; }

try_windows() {
    if one 'certkit-*-x86_64-windows.zip'; then
        mkdir "$dir/zip"
        python3 -m zipfile -e "$file" "$dir/zip"
        local exe=("$dir"/zip/*/certkit.exe)
        step 'exe: icon, version and manifest' has_resources "${exe[0]}"
        step 'exe: below 16 MB' below 16000000 "${exe[0]}"
        if [[ -x $dir/x86_64-linux/certkit ]]; then step 'exe: can be signed with a certificate of certkit' signs "${exe[0]}"; fi
    fi
    one 'certkit-*-x64.msi' || return 0
    if [[ -x $dir/x86_64-linux/certkit ]]; then step '.msi: can be signed with a certificate of certkit' signs "$file"; fi
    step '.msi: an entry of the Start menu for certkit ui' eval 'table Shortcut | grep -q "certkit.exe.ui"'
    step '.msi: a source of events' eval 'table Registry | grep -q EventLog'
    [[ ! $quick ]] || return 0
    make_bcryptprimitives "$dir/bcryptprimitives.dll"
    start_wine "$dir/logs/wine.log"
    try_installer 'for a machine' 'HKLM\System\CurrentControlSet\Control\Session Manager\Environment'
    if one 'certkit-*-x64-user.msi'; then try_installer 'for a user' 'HKCU\Environment'; fi
    stop_wine
}
