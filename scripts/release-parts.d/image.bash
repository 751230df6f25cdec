# shellcheck shell=bash
# The image: unpacked with the tools of others, run in nothing but itself.

unpack() { # TAG FOLDER
    umoci unpack --keep-dirlinks --image "$dir/oci:$1" "$dir/$2"
}

in_image() { # FOLDER ARGUMENT...
    local there=$dir/$1/rootfs
    shift
    offline chroot --userspec=65532:65532 "$there" /usr/bin/certkit "$@"
}

names_no_root() { [[ $(skopeo inspect --config "oci:$dir/oci:$1" | python3 -c 'import json,sys; print(json.load(sys.stdin)["config"]["User"])') == 65532:65532 ]]; }

try_image() {
    one 'certkit-*-oci.tar' || return 0
    local version
    version=$(basename "$file" -oci.tar)
    version=${version#certkit-}
    mkdir "$dir/oci"
    tar -xf "$file" -C "$dir/oci"
    step 'image: skopeo reads it, and it names a user that is not root' names_no_root "$version"
    step 'image: umoci unpacks it' unpack "$version" plain
    step 'image: nothing is in it but the program' test ! -e "$dir/plain/rootfs/bin" -a ! -e "$dir/plain/rootfs/lib"
    step 'image: selftest as that user' in_image plain selftest
    step 'image: the demo runs in it' eval 'in_image plain demo >"$dir/demo" 2>&1; grep -qF "thingworx-ca.cer (1 certificate)" "$dir/demo"'
    step 'image: the one with roots unpacks' unpack "$version-roots" roots
    step 'image: it trusts the roots of Mozilla' eval 'in_image roots selftest | grep -E "system +1[0-9][0-9] roots"'
}
