#!/bin/sh
# Makes testdata/ocsp/: a CA, what it has issued, and what responders answer about it.
# Needs openssl 3. Keys are new in every run and thrown away; the answers begin when they are made.
set -eu
cd "$(dirname "$0")/../ocsp"
rm -f ./*.pem ./*.der
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keys="-algorithm EC -pkeyopt ec_paramgen_curve:P-256"

# authority NAME: a self-signed CA
authority() {
    openssl genpkey $keys -out "$work/$1.key" 2>/dev/null
    printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\nsubjectKeyIdentifier=hash\n' > "$work/ext"
    openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/csr"
    openssl x509 -req -in "$work/csr" -signkey "$work/$1.key" -days 10950 -extfile "$work/ext" -out "$1.pem" 2>/dev/null
}

# issue CA NAME SERIAL [EXTENSION...]
issue() {
    ca=$1 name=$2 serial=$3
    shift 3
    openssl genpkey $keys -out "$work/$name.key" 2>/dev/null
    printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > "$work/ext"
    for extension in "$@"; do echo "$extension" >> "$work/ext"; done
    openssl req -new -key "$work/$name.key" -subj "/CN=$name" -out "$work/csr"
    openssl x509 -req -in "$work/csr" -CA "$ca.pem" -CAkey "$work/$ca.key" -set_serial "$serial" -days 10950 \
        -extfile "$work/ext" -out "$name.pem" 2>/dev/null
}

authority ca
authority foreign
leaf='keyUsage=critical,digitalSignature'
issue ca good 2 "$leaf"
issue ca revoked 3 "$leaf"
issue ca held 4 "$leaf"
issue ca unheard 5 "$leaf"
issue ca responder 16 "$leaf" 'extendedKeyUsage=OCSPSigning' 'noCheck=ignored'
issue ca checked 17 "$leaf" 'extendedKeyUsage=OCSPSigning'
issue ca careless 18 "$leaf" 'extendedKeyUsage=serverAuth'
issue foreign stranger 19 "$leaf" 'extendedKeyUsage=OCSPSigning'
{
    printf 'V\t500101000000Z\t\t02\tunknown\t/CN=good\n'
    printf 'R\t500101000000Z\t260101000000Z,keyCompromise\t03\tunknown\t/CN=revoked\n'
    printf 'R\t500101000000Z\t260101000000Z,certificateHold\t04\tunknown\t/CN=held\n'
    printf 'R\t500101000000Z\t260101000000Z\t11\tunknown\t/CN=checked\n'
} > "$work/index"

# answer NAME CERTIFICATE SIGNER DIGEST [OPTION...]
answer() {
    name=$1 certificate=$2 signer=$3 digest=$4
    shift 4
    openssl ocsp -no_nonce -issuer ca.pem "-$digest" -cert "$certificate.pem" -reqout "$work/request"
    openssl ocsp -index "$work/index" -CA ca.pem -rsigner "$signer.pem" -rkey "$work/$signer.key" \
        -reqin "$work/request" -respout "$name.der" "$@" 2>/dev/null
    echo "$name"
}

answer good-of-ca good ca sha1 -ndays 7
answer good-sha256 good ca sha256 -ndays 7
answer good-key-id good ca sha1 -ndays 7 -resp_key_id
answer good-without-end good ca sha1
answer good-delegated good responder sha1 -ndays 7
answer good-delegated-key-id good responder sha1 -ndays 7 -resp_key_id
answer good-delegated-bare good responder sha1 -ndays 7 -resp_no_certs
answer good-checked good checked sha1 -ndays 7
answer checked-of-ca checked ca sha1 -ndays 7
answer good-careless good careless sha1 -ndays 7
answer good-stranger good stranger sha1 -ndays 7
answer revoked-of-ca revoked ca sha1 -ndays 7
answer held-of-ca held ca sha1 -ndays 7
answer unheard-of-ca unheard ca sha1 -ndays 7
printf '\060\003\012\001\003' > try-later.der

openssl ocsp -no_nonce -issuer ca.pem -sha1 -cert good.pem -reqout request.der

# list CA FILE: a list on which the certificate with serial number 2 stands
list() {
    printf 'R\t500101000000Z\t260101000000Z\t02\tunknown\t/CN=good\n' > "$work/listed"
    echo 01 > "$work/number"
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\ncrlnumber=%s\ndefault_md=sha256\ncrl_extensions=x\n' \
        "$work/listed" "$work/number" > "$work/config"
    printf '[x]\nauthorityKeyIdentifier=keyid\n' >> "$work/config"
    openssl ca -gencrl -config "$work/config" -cert "$1.pem" -keyfile "$work/$1.key" -crldays 10950 -out "$2.pem" 2>/dev/null
    echo "$2"
}

list ca list
list foreign foreign-list
