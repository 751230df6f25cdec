# OPC UA applications that live off the folders that certkit has filled.

policies=(Basic256Sha256 Aes128_Sha256_RsaOaep Aes256_Sha256_RsaPss)

# application STACK ROLE MANNER: fills the folder STACK-ROLE-MANNER as that stack reads it.
application() {
    local name=$1-$2-$3 layout=standard issuer=()
    [[ $1 != node ]] || layout=node-opcua
    [[ $3 == own ]] || issuer=("${ca[@]}")
    make generate opcua --subject "CN=$name,O=Plant" --dns localhost --ip 127.0.0.1 --layout "$layout" \
        "${issuer[@]}" --application-uri "urn:localhost:Plant:$name" -o "$name"
}

# trust NAME PEER: PEER's own certificate becomes one that NAME trusts.
trust() {
    local file
    for file in "$2"/own/certs/*; do
        openssl x509 -in "$file" -outform DER -out "$1/trusted/certs/$2.der"
        return
    done
}

# trust_ca NAME: NAME trusts whatever the CA has issued and not revoked.
trust_ca() {
    local place
    for place in root issuing; do
        openssl x509 -in "ca/$place/ca.pem" -outform DER -out "$1/trusted/certs/$place.der"
    done
    hand_out_lists "$1"
}

# hand_out_lists NAME: the lists of today, and none of yesterday, in the one ending that asyncua takes.
hand_out_lists() {
    local place
    rm -f "$1"/{trusted,issuer,issuers}/crl/*
    for place in root issuing; do cp "ca/$place/ca.crl" "$1/trusted/crl/$place.crl.der"; done
}

# party STACK ...: an application of that stack.
party() {
    local stack=$1
    shift
    case $stack in
    asyncua) "$cache/venv/bin/python" "$here/asyncua_party.py" "$@" ;;
    node) CERTKIT_NODE_MODULES=$cache node "$here/node_party.js" "$@" ;;
    esac
}

# start_party STACK PKI PORT
start_party() {
    local name=$2-$3
    case $1 in
    asyncua) start "$name" "$cache/venv/bin/python" "$here/asyncua_party.py" server "$2" "$3" ;;
    node) start "$name" env CERTKIT_NODE_MODULES="$cache" node "$here/node_party.js" server "$2" "$3" ;;
    esac
    await "$name" "$3"
}

try_opcua() {
    local manner server client policy file ports at=0 stacks=(asyncua node)
    read -r -a ports < <(free_ports 6)
    for manner in own issued; do
        for server in "${stacks[@]}"; do
            application "$server" server "$manner"
            application "$server" client "$manner"
        done
        for server in "${stacks[@]}"; do
            for client in "${stacks[@]}"; do
                [[ $manner == own ]] || break
                trust "$server-server-own" "$client-client-own"
                trust "$client-client-own" "$server-server-own"
            done
            [[ $manner == issued ]] || continue
            trust_ca "$server-server-issued"
            trust_ca "$server-client-issued"
        done
        for server in "${stacks[@]}"; do
            start_party "$server" "$server-server-$manner" "${ports[at]}"
            for client in "${stacks[@]}"; do
                for policy in "${policies[@]}"; do
                    step "$client client, $server server, $manner, $policy" \
                        party "$client" client "$client-client-$manner" "opc.tcp://127.0.0.1:${ports[at]}/plant" "$policy"
                done
            done
            at=$((at + 1))
        done
    done

    for client in "${stacks[@]}"; do
        for file in "$client"-client-issued/own/certs/*; do
            make revoke "$file" --reason keyCompromise "${ca[@]}"
            break
        done
    done
    for server in "${stacks[@]}"; do
        hand_out_lists "$server-server-issued"
        start_party "$server" "$server-server-issued" "${ports[at]}"
        for client in "${stacks[@]}"; do
            step "$client client, $server server, revoked" refuses \
                party "$client" client "$client-client-issued" "opc.tcp://127.0.0.1:${ports[at]}/plant" Basic256Sha256
        done
        at=$((at + 1))
    done
}
