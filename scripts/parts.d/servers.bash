# What is started, with which certificate, on which port, and when it counts as ready.
#
# $facts gathers the lines of parts.env; $watched what each TLS server must answer with.

facts=()
watched=()

fact() { facts+=("$1=$2"); }

# Sets NAME to the next port of the block and notes it as a fact.
port() {
    ((next_port < first_port + 100)) || die "more parts than ports in a block"
    printf -v "$1" %d "$next_port"
    fact "$1" "$next_port"
    next_port=$((next_port + 1))
}

start_hostile() {
    start hostile python3 "$here/hostile.py" "$dir/hostile.ports"
    until [[ -e $dir/hostile.ports ]]; do
        must_live hostile
        in_time hostile
        sleep 0.05
    done
    mapfile -t facts < <(grep -v NEXT_PORT "$dir/hostile.ports")
    next_port=$(sed -n 's/^NEXT_PORT=//p' "$dir/hostile.ports")
    first_port=$((next_port - ${#facts[@]}))
    # In the block, so free, and nobody will take it: a connection is refused.
    port REFUSED_PORT
}

# keystore NAME TAIL: a key, its certificate and what follows it, the way a ThingWorx keystore holds them.
keystore() {
    local more=()
    [[ -z $2 ]] || more=(-certfile "$pki/$2")
    quietly openssl pkcs12 -export -inkey "$pki/$1.key" -in "$pki/$1.pem" "${more[@]}" \
        -name thingworx -passout "pass:$keystore_password" -out "$pki/$1.p12"
}

start_tomcat() {
    local base=$dir/tomcat
    port TOMCAT_PORT
    port TOMCAT_SELF_SIGNED_PORT
    keystore_password=$(openssl rand -hex 12)
    keystore leaf tail.pem
    keystore tomcat-self-signed ''
    mkdir -p "$base"/{conf,logs,temp,work,webapps/Thingworx}
    fill "$here/server.xml.in" "$base/conf/server.xml" "TOMCAT_PORT=$TOMCAT_PORT" \
        "TOMCAT_SELF_SIGNED_PORT=$TOMCAT_SELF_SIGNED_PORT" "PASSWORD=$keystore_password" \
        "KEYSTORE=$pki/leaf.p12" "SELF_SIGNED_KEYSTORE=$pki/tomcat-self-signed.p12"
    cp "$here/web.xml" "$base/conf/web.xml"
    echo '<!DOCTYPE html><title>ThingWorx</title>' >"$base/webapps/Thingworx/index.html"
    # catalina.sh replaces itself with java, so the pid stays.
    start tomcat env -u JAVA_OPTS -u CATALINA_PID -u CLASSPATH CATALINA_HOME="$CATALINA_HOME" CATALINA_BASE="$base" \
        CATALINA_OPTS='-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1' "$CATALINA_HOME/bin/catalina.sh" run
    watched+=("tomcat 127.0.0.1:$TOMCAT_PORT leaf" "tomcat 127.0.0.1:$TOMCAT_SELF_SIGNED_PORT tomcat-self-signed")
    fact TOMCAT_SELF_SIGNED_PEM "$pki/tomcat-self-signed.pem"
    fact TOMCAT_KEYSTORE "$pki/leaf.p12"
    fact TOMCAT_KEYSTORE_PASSWORD "$keystore_password"
}

# tls NAME CERTIFICATE TAIL [more of s_server]: sends the certificate and the file TAIL as it is; nothing
# is added from any store.
tls() {
    local name=$1 certificate=$2 more=() key=${1^^} host=127.0.0.1
    [[ -z $3 ]] || more=(-cert_chain "$pki/$3")
    shift 3
    key=${key//-/_}
    [[ $name != ipv6 ]] || host='[::1]'
    port "${key}_PORT"
    local -n number=${key}_PORT
    [[ $certificate == leaf ]] || fact "${key}_PEM" "$pki/$certificate.pem"
    start "$name" openssl s_server -accept "$host:$number" -www -no-CAfile -no-CApath -no-CAstore \
        -cert "$pki/$certificate.pem" -key "$pki/$certificate.key" "${more[@]}" "$@"
    watched+=("$name $host:$number $certificate")
}

start_tls() {
    local old=(-cipher ALL:@SECLEVEL=0) client=(-CAfile "$pki/client-ca.pem" -verify_return_error)
    tls tls leaf tail.pem
    tls mqtts leaf tail.pem
    tls tls10 leaf tail.pem -tls1 "${old[@]}"
    tls tls11 leaf tail.pem -tls1_1 "${old[@]}"
    tls tls12 leaf tail.pem -tls1_2
    tls tls13 leaf tail.pem -tls1_3
    tls tls13-p521 leaf tail.pem -tls1_3 -groups P-521
    tls static-rsa leaf tail.pem -tls1_2 -cipher AES128-SHA

    tls tls12-client-optional leaf tail.pem -tls1_2 "${client[@]}" -verify 1
    tls tls12-client-demanded leaf tail.pem -tls1_2 "${client[@]}" -Verify 1
    tls tls13-client-demanded leaf tail.pem -tls1_3 "${client[@]}" -Verify 1

    tls leaf-only leaf ''
    tls wrong-order leaf wrong-order-tail.pem
    tls extra-certificates leaf extra-tail.pem
    tls cross-signed leaf cross-tail.pem
    tls self-signed self-signed ''

    tls expired expired tail.pem
    tls not-yet-valid not-yet-valid tail.pem
    tls sha1 sha1 tail.pem "${old[@]}"
    tls md5 md5 tail.pem "${old[@]}"
    tls rsa1024 rsa1024 tail.pem "${old[@]}"
    tls p384 p384 p384-tail.pem
    tls ed25519 ed25519 tail.pem
    tls wrong-host wrong-host tail.pem
    tls no-san no-san tail.pem
    tls client-eku client-eku tail.pem
    tls v1 v1 tail.pem
    if [[ -r /proc/net/if_inet6 ]] && grep -q '^0*1 ' /proc/net/if_inet6; then
        tls ipv6 ipv6 tail.pem
    else
        echo 'parts: no ::1 on this machine: left out: IPV6_PORT' >&2
    fi
}

start_nginx() {
    port NGINX_SNI_PORT
    port NGINX_SNI_DEMANDED_PORT
    port NGINX_REJECT_PORT
    mkdir -p "$dir/nginx/temp"
    fill "$here/nginx.conf.in" "$dir/nginx/nginx.conf" "PKI=$pki" "NGINX_SNI_PORT=$NGINX_SNI_PORT" \
        "NGINX_SNI_DEMANDED_PORT=$NGINX_SNI_DEMANDED_PORT" "NGINX_REJECT_PORT=$NGINX_REJECT_PORT"
    start nginx nginx -p "$dir/nginx" -c nginx.conf -e stderr
    watched+=("nginx 127.0.0.1:$NGINX_SNI_PORT leaf -servername thingworx.plant.test"
        "nginx 127.0.0.1:$NGINX_SNI_PORT kepware -servername kepware.plant.test"
        "nginx 127.0.0.1:$NGINX_SNI_DEMANDED_PORT leaf -servername thingworx.plant.test")
    fact NGINX_KEPWARE_PEM "$pki/kepware.pem"
}

start_aia() {
    local name
    start aia python3 "$here/aia.py" "$AIA_PORT" "$dir/aia" "$dir/logs/aia.requests"
    fact AIA_LOG "$dir/logs/aia.requests"
    for name in aia-cer aia-p7c aia-two aia-silent aia-endless aia-missing; do tls "$name" "$name" ''; done
}

start_proxies() {
    port PROXY_PORT
    port PROXY_AUTH_PORT
    port PROXY_DENY_PORT
    local user=certkit password
    password=$(openssl rand -hex 12)
    PROXY_USER=$user PROXY_PASSWORD=$password start proxy python3 "$here/proxy.py" \
        "$PROXY_PORT" "$PROXY_AUTH_PORT" "$PROXY_DENY_PORT" "$dir/logs/proxy.requests"
    fact PROXY_USER "$user"
    fact PROXY_PASSWORD "$password"
    fact PROXY_LOG "$dir/logs/proxy.requests"
}

# Files that no server of its own stands for.
file_facts() {
    local name
    for name in root issuing leaf old-root cross unrelated kepware-chain p384-root p384-issuing \
        issuing1 issuing2 client-ca chain; do
        local key=${name^^}
        fact "${key//-/_}_PEM" "$pki/$name.pem"
    done
    fact LEAF_KEY_PEM "$pki/leaf.key"
    fact CLIENT_CERT_PEM "$pki/client.pem"
    fact CLIENT_KEY_PEM "$pki/client.key"
}


fingerprint() { openssl x509 -noout -fingerprint -sha256 2>/dev/null; }

# Waits until a server shows its own certificate: another program on the port would not.
await_tls() {
    local name=$1 address=$2 certificate=$3 expected
    shift 3
    expected=$(fingerprint <"$pki/$certificate.pem")
    until [[ $(timeout 5 openssl s_client -connect "$address" -cipher ALL:@SECLEVEL=0 \
        -cert "$pki/client.pem" -key "$pki/client.key" "$@" </dev/null 2>/dev/null | fingerprint) == "$expected" ]]; do
        must_live "$name"
        in_time "$name"
        sleep 0.1
    done
}

# await_http NAME PORT REQUEST STATUS
await_http() {
    local line
    until line=$(exec 3<>"/dev/tcp/127.0.0.1/$2" && printf '%s\r\n\r\n' "$3" >&3 && head -n 1 <&3) 2>/dev/null \
        && [[ $line == *" $4 "* ]]; do
        must_live "$1"
        in_time "$1"
        sleep 0.1
    done
}

# Tomcat answers before its contexts are up, so the path that matters is asked for.
await_thingworx() {
    local path=$1 status=$2
    until printf 'GET %s HTTP/1.0\r\n\r\n' "$path" \
        | timeout 5 openssl s_client -quiet -connect "127.0.0.1:$TOMCAT_PORT" 2>/dev/null \
        | head -n 1 | grep -q "^HTTP/1.1 $status"; do
        must_live tomcat
        in_time tomcat
        sleep 0.1
    done
}

await_all() {
    local line words
    for line in "${watched[@]}"; do
        read -r -a words <<<"$line"
        await_tls "${words[@]}"
    done
    await_thingworx /Thingworx/ 200
    await_thingworx /Thingworx/WS 404
    await_http aia "$AIA_PORT" 'GET /issuing.cer HTTP/1.1' 200
    await_http proxy "$PROXY_DENY_PORT" 'CONNECT localhost:1 HTTP/1.1' 403
    await_http hostile "$(printf '%s\n' "${facts[@]}" | sed -n 's/^PLAIN_HTTP_PORT=//p')" 'GET / HTTP/1.1' 400
    # What the waiting asked for is no test's doing.
    : >"$dir/logs/aia.requests"
    : >"$dir/logs/proxy.requests"
}
