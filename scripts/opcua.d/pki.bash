# The certificates that no server makes for itself, with openssl: a root, an issuing CA, a server's leaf.

# certificate NAME ISSUER SUBJECT EXTENSION...: with a key of its own; by itself when ISSUER is NAME.
certificate() {
    local name=$1 issuer=$2 subject=$3 by extension
    shift 3
    quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$pki/$name.key"
    quietly openssl req -new -key "$pki/$name.key" -subj "$subject" -out "$pki/$name.csr"
    by=(-CA "$pki/$issuer.pem" -CAkey "$pki/$issuer.key")
    [[ $issuer != "$name" ]] || by=(-key "$pki/$name.key")
    for extension; do printf '%s\n' "$extension"; done >"$pki/$name.ext"
    quietly openssl x509 -req -in "$pki/$name.csr" -days 365 -sha256 -set_serial "0x01$(openssl rand -hex 15)" \
        "${by[@]}" -extfile "$pki/$name.ext" -out "$pki/$name.pem"
}

make_pki() {
    local ca=(basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign,digitalSignature
        subjectKeyIdentifier=hash authorityKeyIdentifier=keyid)
    mkdir -p "$pki"
    certificate root root '/O=Plant/CN=Plant OPC UA Root' "${ca[@]}"
    certificate issuing root '/O=Plant/CN=Plant OPC UA Issuing CA' "${ca[@]}"
    certificate chain issuing '/DC=localhost/O=Plant/CN=node-opcua-chain' basicConstraints=critical,CA:FALSE \
        keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment \
        extendedKeyUsage=serverAuth,clientAuth subjectKeyIdentifier=hash authorityKeyIdentifier=keyid \
        subjectAltName=URI:urn:localhost:plant:node-opcua-chain,DNS:localhost,IP:127.0.0.1
}
