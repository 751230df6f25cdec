# A CA, servers and clients of TLS: made, looked at by others, and used.

ca=(--issuer ca --issuer-password-env CERTKIT_PASSWORD)
export CERTKIT_PASSWORD

make_certificates() {
    CERTKIT_PASSWORD="Aa-1$(openssl rand -hex 12)"
    make generate ca --subject 'CN=Plant Root CA,O=Plant' --issuing 'Plant Issuing CA' --password-env CERTKIT_PASSWORD -o ca
    make generate https --name thingworx.plant.test --ip 127.0.0.1 "${ca[@]}" --cert-out thingworx.pem \
        --p12-out thingworx.pfx --password-env CERTKIT_PASSWORD
    make generate https --name broker.plant.test --ip 127.0.0.1 --key-type ec:p256 "${ca[@]}" -o broker
    make generate client --name kepware --key-type ec:p256 "${ca[@]}" -o kepware
    make generate client --name stolen --key-type ec:p256 "${ca[@]}" -o stolen
    make generate ca --name 'Other Root' --key-type ec:p256 --no-password -o other
    "$certkit" generate https --name own.plant.test --ip 127.0.0.1 --accept self-signed --cert-out own.pem \
        --p12-out own.pfx --password-env CERTKIT_PASSWORD >/dev/null 2>&1 || (($? == 1)) || die "a self-signed server certificate could not be made"
    make generate opcua --subject 'CN=Line 3,O=Plant' --dns plc7.plant.test --ip 127.0.0.1 "${ca[@]}" \
        --cert-out opcua-issued.der --key-out opcua-issued.key
    make generate opcua --subject 'CN=Line 3,O=Plant' --dns plc7.plant.test --ip 127.0.0.1 \
        --cert-out opcua-own.der --key-out opcua-own.key
    make revoke stolen/stolen.pem --reason keyCompromise "${ca[@]}"
    for place in root issuing; do openssl crl -in "ca/$place/ca.crl"; done >lists.pem
    for name in opcua-issued opcua-own; do openssl x509 -in "$name.der" -out "$name.pem"; done
}

# lint FILE ID...: pkilint finds these errors and no other.
lint() {
    local file=$1 found
    shift
    found=$("$cache/pkilint/venv/bin/lint_pkix_cert" lint -s ERROR "$file" | grep -o 'pkix\.[a-z0-9_]*' | sort -u | xargs)
    [[ $found == "$*" ]] || { echo "$file: pkilint says: $found" && return 1; }
}

lint_list() {
    local found
    found=$("$cache/pkilint/venv/bin/lint_crl" lint -t CRL -p PKIX -s ERROR "$1") || { echo "$1: $found" && return 1; }
}

has_chain_of_3() {
    keytool -list -v -keystore "$1" -storepass:env CERTKIT_PASSWORD | grep 'Certificate chain length: 3'
}

verify_certificates() {
    local leaf purpose file
    local chain=(-x509_strict -crl_check_all -CRLfile lists.pem -CAfile ca/root/ca.pem -untrusted ca/issuing/ca.pem)
    while read -r leaf purpose; do
        step "openssl verifies $leaf as $purpose" openssl verify "${chain[@]}" -purpose "$purpose" "$leaf"
    done <<'END'
thingworx.pem sslserver
broker/broker.plant.test.pem sslserver
kepware/kepware.pem sslclient
opcua-issued.pem sslserver
opcua-issued.pem sslclient
END
    step "openssl sees that a client is revoked" refuses openssl verify "${chain[@]}" stolen/stolen.pem
    for file in ca/root/ca.pem ca/issuing/ca.pem thingworx.pem broker/broker.plant.test.pem \
        kepware/kepware.pem opcua-issued.pem opcua-own.pem; do
        step "keytool reads $file" keytool -printcert -file "$file"
    done
    step "keytool finds the chain in the PKCS#12 store" has_chain_of_3 thingworx.pfx
    step "keytool takes the root for trusted" keytool -importcert -noprompt -alias root -file ca/root/ca.pem \
        -keystore trusted.p12 -storepass:env CERTKIT_PASSWORD

    for file in ca/root/ca.pem ca/issuing/ca.pem thingworx.pem broker/broker.plant.test.pem \
        kepware/kepware.pem; do
        step "pkilint finds no error in $file" lint "$file"
    done
    # pkilint takes no URN for a URI, not even one of RFC 8141; OPC UA demands an ApplicationUri.
    step "pkilint finds what OPC UA demands in opcua-issued.pem" lint opcua-issued.pem pkix.invalid_uri_syntax
    # The current table of OPC 10000-6 wants keyCertSign, and no CA flag, on a self-signed application.
    step "pkilint finds what OPC UA demands in opcua-own.pem" lint opcua-own.pem \
        pkix.ee_certificate_keycertsign_keyusage_set pkix.invalid_uri_syntax
    for file in ca/root/ca.crl ca/issuing/ca.crl; do step "pkilint finds no error in $file" lint_list "$file"; done
}

try_tomcat() {
    local base=$dir/tomcat server own
    read -r server own < <(free_ports 2)
    mkdir -p "$base"/{conf,logs,temp,work,webapps/Thingworx}
    fill "$scripts/parts.d/server.xml.in" "$base/conf/server.xml" "TOMCAT_PORT=$server" "TOMCAT_SELF_SIGNED_PORT=$own" \
        "PASSWORD=$CERTKIT_PASSWORD" "KEYSTORE=$dir/thingworx.pfx" "SELF_SIGNED_KEYSTORE=$dir/own.pfx"
    cp "$scripts/parts.d/web.xml" "$base/conf/web.xml"
    echo '<!DOCTYPE html><title>ThingWorx</title>' >"$base/webapps/Thingworx/index.html"
    start tomcat env -u JAVA_OPTS -u CATALINA_PID -u CLASSPATH CATALINA_HOME="$CATALINA_HOME" CATALINA_BASE="$base" \
        CATALINA_OPTS='-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1' "$CATALINA_HOME/bin/catalina.sh" run
    await tomcat "$server"
    step "a Java client that trusts the root reaches Tomcat" \
        java "$here/Client.java" ca/root/ca.pem "https://127.0.0.1:$server/Thingworx/"
    step "a Java client that trusts another root does not" \
        refuses java "$here/Client.java" other/ca.pem "https://127.0.0.1:$server/Thingworx/"
    step "a Java client that trusts a self-signed server reaches it" \
        java "$here/Client.java" own.pem "https://127.0.0.1:$own/Thingworx/"
    step "certkit sees nothing wrong with what Tomcat presents" \
        "$certkit" check "thingworx://127.0.0.1:$server" --trust ca/root/ca.pem
}

try_mosquitto() {
    local port client
    read -r port < <(free_ports 1)
    fill "$here/mosquitto.conf.in" mosquitto.conf "PORT=$port" "ROOT=$dir/ca/root/ca.pem" \
        "CHAIN=$dir/broker/broker.plant.test-chain.pem" "KEY=$dir/broker/broker.plant.test-key.pem" \
        "LISTS=$dir/lists.pem" "USER=$(id -un)"
    start mosquitto mosquitto -c "$dir/mosquitto.conf"
    await mosquitto "$port"
    client=(mosquitto_pub -h 127.0.0.1 -p "$port" --cafile ca/root/ca.pem -t plant -m hello -q 1)
    step "mosquitto takes a client's certificate" \
        "${client[@]}" --cert kepware/kepware-chain.pem --key kepware/kepware-key.pem
    step "mosquitto refuses one that is revoked" \
        refuses timeout 20 "${client[@]}" --cert stolen/stolen-chain.pem --key stolen/stolen-key.pem
    step "mosquitto refuses a client without" refuses timeout 20 "${client[@]}"
}
