# Applications and their PKI folders: certificates, sound and odd, and lists for each case.

ca=(--issuer ca --issuer-password-env CERTKIT_PASSWORD)
export CERTKIT_PASSWORD

uri() { printf 'urn:plc7.plant.test:Plant:%s' "$1"; }

# sound NAME OPTION...: a certificate without fault, in id.
sound() {
    local name=$1
    shift
    make generate opcua --subject "CN=$name,O=Plant" --dns plc7.plant.test --dns localhost --ip 127.0.0.1 \
        --application-uri "$(uri "$name")" "$@" \
        --cert-out "id/$name.der" --key-out "id/$name.key"
}

# odd KIND ROLE: a self-signed certificate with a fault.
odd() {
    "$cache/venv/bin/python" "$here/odd.py" "$1" "id/$1-$2" "$(uri "$1-$2")" || die "$1-$2 could not be made"
}

make_applications() {
    local role
    CERTKIT_PASSWORD="Aa-1$(openssl rand -hex 12)"
    mkdir id
    make generate ca --subject 'CN=Plant Root CA,O=Plant' --issuing 'Plant Issuing CA' --password-env CERTKIT_PASSWORD -o ca
    for role in client server; do
        sound "own-$role"
        sound "issued-$role" "${ca[@]}"
        sound "revoked-$role" "${ca[@]}"
        make revoke "id/revoked-$role.der" --reason keyCompromise "${ca[@]}"
        odd expired "$role"
        odd web "$role"
    done
    odd uris client
    sound stranger
}

# folder STACK NAME IDENTITY: an empty PKI with its own certificate, as that stack reads it.
folder() {
    local pki=$2 issuer=issuer
    mkdir -p "$pki"/own/{certs,private} "$pki"/trusted/{certs,crl}
    if [[ $1 == node ]]; then
        issuer=issuers
        for file in certificate client_certificate; do
            openssl x509 -inform DER -in "id/$3.der" -out "$pki/own/certs/$file.pem"
        done
        cp "id/$3.key" "$pki/own/private/private_key.pem"
    else
        cp "id/$3.der" "$pki/own/certs/own.der"
        cp "id/$3.key" "$pki/own/private/own.pem"
    fi
    mkdir -p "$pki/$issuer"/{certs,crl}
}

# authority PKI LIST PLACE...: CAs into a list of the PKI: root, issuing.
authority() {
    local pki=$1 list=$2 place
    shift 2
    for place; do openssl x509 -in "ca/$place/ca.pem" -outform DER -out "$pki/$list/certs/$place.der"; done
}

# revocations PKI LIST PLACE...: their revocation lists, in the one ending that asyncua takes.
revocations() {
    local pki=$1 list=$2 place
    shift 2
    for place; do cp "ca/$place/ca.crl" "$pki/$list/crl/$place.crl.der"; done
}

# lists STACK PKI MANNER PEER: what the PKI trusts.
lists() {
    local pki=$2 peer=$4 issuer=issuer
    [[ $1 != node ]] || issuer=issuers
    case $3 in
    # asyncua does not start with an empty list.
    nothing) cp id/stranger.der "$pki/trusted/certs/stranger.der" ;;
    peer) cp "id/$peer.der" "$pki/trusted/certs/$peer.der" ;;
    known)
        cp "id/$peer.der" "$pki/trusted/certs/$peer.der"
        authority "$pki" "$issuer" root issuing
        revocations "$pki" "$issuer" root issuing
        ;;
    ca)
        authority "$pki" trusted root issuing
        revocations "$pki" trusted root issuing
        ;;
    bare) authority "$pki" trusted root issuing ;;
    issuing)
        authority "$pki" trusted issuing
        authority "$pki" "$issuer" root
        revocations "$pki" trusted issuing
        revocations "$pki" "$issuer" root
        ;;
    root)
        authority "$pki" trusted root
        authority "$pki" "$issuer" issuing
        revocations "$pki" trusted root
        revocations "$pki" "$issuer" issuing
        ;;
    *) die "there is no manner of lists $3" ;;
    esac
}
