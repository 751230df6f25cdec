#!/bin/sh
# Makes testdata/signatures/: one self-signed certificate for each algorithm and kind of key.
# Needs openssl 3. Keys are new in every run and thrown away.
set -eu
cd "$(dirname "$0")/../signatures"
key=$(mktemp)
trap 'rm -f "$key" "$key.parameters"' EXIT

# one NAME DIGEST [OPTION...]: signs with the key that was just made
one() {
    name=$1 digest=$2
    shift 2
    openssl req -x509 -new -key "$key" -"$digest" "$@" -subj "/CN=$name" -days 36500 -out "$name.pem" 2>/dev/null
    echo "$name"
}

for curve in prime192v1 secp224r1 prime256v1 secp384r1 secp521r1 secp256k1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1
do
    openssl ecparam -name "$curve" -genkey -noout -out "$key" 2>/dev/null
    for digest in sha1 sha224 sha256 sha384 sha512
    do
        one "ecdsa-$curve-$digest" "$digest"
    done
done
for bits in 1024 2048
do
    openssl dsaparam -out "$key.parameters" "$bits" 2>/dev/null
    openssl gendsa -out "$key" "$key.parameters" 2>/dev/null
    for digest in sha1 sha224 sha256
    do
        one "dsa-$bits-$digest" "$digest"
    done
done
for bits in 1024 2048
do
    openssl genrsa -out "$key" "$bits" 2>/dev/null
    for digest in md5 sha1 sha224 sha256 sha384 sha512
    do
        one "rsa-$bits-$digest" "$digest"
    done
    for salt in 0 20 32 48
    do
        one "pss-$bits-sha256-salt$salt" sha256 -sigopt rsa_padding_mode:pss -sigopt "rsa_pss_saltlen:$salt"
    done
done
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out "$key" 2>/dev/null
one pss-key-sha256 sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
openssl genpkey -algorithm ed25519 -out "$key"
one ed25519 sha256
openssl genpkey -algorithm ed448 -out "$key"
one ed448 sha256
for form in 2048:1099511627777 2048:18446744073709551617 4096:36893488147419103363
do
    bits=${form%:*}
    openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits" -pkeyopt "rsa_keygen_pubexp:${form#*:}" -out "$key" 2>/dev/null
    one "rsa-$bits-exponent-${form#*:}" sha256
done
