# The certificates of the plant, made afresh with openssl. Knows names, keys and dates; not who serves what.
#
# Every NAME becomes $pki/NAME.key and $pki/NAME.pem. No key leaves $dir.

date_in() { date -u -d "$1" +%Y%m%d%H%M%SZ; }

# make_key NAME KIND
make_key() {
    local how
    case $2 in
    rsa*) how=(-algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}") ;;
    p384) how=(-algorithm EC -pkeyopt ec_paramgen_curve:P-384) ;;
    ed25519) how=(-algorithm ED25519) ;;
    esac
    quietly openssl genpkey "${how[@]}" -out "$pki/$1.key"
}

# request NAME SUBJECT
request() {
    quietly openssl req -new -key "$pki/$1.key" -subj "$2" -out "$pki/$1.csr"
}

# sign NAME ISSUER EXTENSIONS [more of openssl ca]: a certificate for a request; by itself when ISSUER is NAME.
sign() {
    local name=$1 issuer=$2 extensions=$3 by
    shift 3
    by=(-keyfile "$pki/$issuer.key")
    if [[ $issuer == "$name" ]]; then by+=(-selfsign); else by+=(-cert "$pki/$issuer.pem"); fi
    : >"$PARTS_DATABASE"
    quietly openssl ca -batch -notext -md sha256 "${by[@]}" -extensions "$extensions" \
        -in "$pki/$name.csr" -out "$pki/$name.pem" "$@"
}

# authority NAME ISSUER EXTENSIONS COMMON_NAME [KIND] [more of openssl ca]: old enough to have issued what
# has expired since.
authority() {
    local name=$1 issuer=$2 extensions=$3 subject="/O=Plant/CN=$4" kind=${5:-rsa2048}
    shift $(($# < 5 ? $# : 5))
    make_key "$name" "$kind"
    request "$name" "$subject"
    sign "$name" "$issuer" "$extensions" -startdate "$years_ago" -enddate "$in_years" "$@"
}

# leaf NAME ISSUER EXTENSIONS COMMON_NAME [KIND] [more of openssl ca]: valid for a year, since yesterday.
leaf() {
    local name=$1 issuer=$2 extensions=$3 subject="/O=Plant/CN=$4" kind=${5:-rsa2048}
    shift $(($# < 5 ? $# : 5))
    make_key "$name" "$kind"
    request "$name" "$subject"
    sign "$name" "$issuer" "$extensions" -startdate "$yesterday" -enddate "$in_a_year" "$@"
}

# leaf_with_aia NAME ISSUER ADDRESS
leaf_with_aia() {
    PARTS_AIA=$3 leaf "$1" "$2" server_aia thingworx.plant.test
}

# version_1_leaf NAME ISSUER COMMON_NAME: openssl ca cannot be kept from writing version 3, and since 3.2
# openssl x509 cannot either, but openssl req then has an option for it.
version_1_leaf() {
    make_key "$1" rsa2048
    request "$1" "/O=Plant/CN=$3"
    if [[ $(openssl req -help 2>&1) == *-x509v1* ]]; then
        quietly openssl req -x509 -x509v1 -in "$pki/$1.csr" -days 365 -out "$pki/$1.pem" \
            -CA "$pki/$2.pem" -CAkey "$pki/$2.key"
    else
        quietly openssl x509 -req -in "$pki/$1.csr" -days 365 -out "$pki/$1.pem" -set_serial "0x$(openssl rand -hex 16)" \
            -CA "$pki/$2.pem" -CAkey "$pki/$2.key"
    fi
    [[ $(openssl x509 -in "$pki/$1.pem" -noout -text) == *"Version: 1 "* ]] || die "$1 is not of version 1"
}

# chain FILE NAME...: the file that a server sends, in this order.
chain() {
    local file=$pki/$1 name
    shift
    for name; do cat "$pki/$name.pem"; done >"$file"
}

pki_start() {
    mkdir "$pki" "$pki/issued"
    export PARTS_DATABASE=$pki/issued/database PARTS_ISSUED=$pki/issued PARTS_AIA=http://127.0.0.1/
    years_ago=$(date_in '-3 years') in_years=$(date_in '+10 years')
    yesterday=$(date_in '-1 day') in_a_year=$(date_in '+364 days')
}

# The hierarchy, and what Tomcat needs: it is the slowest to start, so it starts first.
pki_of_the_plant() {
    authority root root root 'Plant Root CA'
    authority issuing root issuing 'Plant Issuing CA'
    leaf leaf issuing server thingworx.plant.test
    leaf tomcat-self-signed tomcat-self-signed self_signed_bare localhost
    chain chain.pem leaf issuing
    chain tail.pem issuing
}

pki_of_clients() {
    authority client-ca client-ca root 'Plant Client CA'
    leaf client client-ca client kepware-01
}

# Certificates with one fault each, and unusual but sound ones.
pki_of_leaves() {
    leaf expired issuing server thingworx.plant.test rsa2048 \
        -startdate "$(date_in '-400 days')" -enddate "$(date_in '-35 days')"
    leaf not-yet-valid issuing server thingworx.plant.test rsa2048 \
        -startdate "$(date_in '+30 days')" -enddate "$(date_in '+395 days')"
    leaf self-signed self-signed self_signed thingworx.plant.test
    leaf sha1 issuing server thingworx.plant.test rsa2048 -md sha1
    leaf md5 issuing server thingworx.plant.test rsa2048 -md md5
    leaf rsa1024 issuing server thingworx.plant.test rsa1024
    leaf ed25519 issuing server_signing thingworx.plant.test ed25519
    leaf wrong-host issuing server_wrong_host other.plant.test
    leaf no-san issuing server_no_san localhost
    leaf client-eku issuing server_client_usage thingworx.plant.test
    leaf ipv6 issuing server_ipv6 localhost
    leaf kepware issuing server_kepware kepware.plant.test
    version_1_leaf v1 issuing localhost
    chain kepware-chain.pem kepware issuing
}

# Chains out of the ordinary. The cross certificate is the root's name and key, signed by an older root.
pki_of_chains() {
    authority unrelated unrelated root 'Unrelated Root CA'
    authority old-root old-root root 'Plant Old Root CA'
    cp "$pki/root.csr" "$pki/cross.csr"
    sign cross old-root cross -startdate "$years_ago" -enddate "$in_years"
    chain wrong-order-tail.pem root issuing
    chain extra-tail.pem issuing unrelated issuing
    chain cross-tail.pem issuing cross

    authority p384-root p384-root root 'Plant P-384 Root CA' p384 -md sha384
    authority p384-issuing p384-root issuing 'Plant P-384 Issuing CA' p384 -md sha384
    leaf p384 p384-issuing server_signing thingworx.plant.test p384 -md sha384
    chain p384-tail.pem p384-issuing
}

# pki_of_aia ADDRESS: leaves that name where their issuer can be had, and the files that lie there.
pki_of_aia() {
    local served=$dir/aia name
    PARTS_AIA=$1/root.cer authority issuing1 root issuing_over_issuing 'Plant Issuing CA 1'
    PARTS_AIA=$1/issuing1.cer authority issuing2 issuing1 issuing_with_aia 'Plant Issuing CA 2'
    leaf_with_aia aia-cer issuing "$1/issuing.cer"
    leaf_with_aia aia-p7c issuing "$1/issuing.p7c"
    leaf_with_aia aia-two issuing2 "$1/issuing2.cer"
    leaf_with_aia aia-silent issuing "$1/silent/issuing.cer"
    leaf_with_aia aia-endless issuing "$1/endless/issuing.cer"
    leaf_with_aia aia-missing issuing "$1/missing/issuing.cer"

    mkdir "$served"
    for name in root issuing issuing1 issuing2; do
        quietly openssl x509 -in "$pki/$name.pem" -outform DER -out "$served/$name.cer"
    done
    quietly openssl crl2pkcs7 -nocrl -certfile "$pki/issuing.pem" -certfile "$pki/root.pem" \
        -outform DER -out "$served/issuing.p7c"
}
