# The trust lists of OPC UA servers, managed by certkit while the servers run.

# Who asks first is refused and waits among the rejected ones; `trust approve` lets it in, `trust reject` out again.
try_trust() {
    local stack name ports at=0 client
    read -r -a ports < <(free_ports 2)
    for stack in asyncua node; do
        name=$stack-server-managed
        application "$stack" server managed
        application "$stack" client managed
        rm -f "$name"/trusted/*/*
        client=$stack-client-managed
        step "$stack: the client trusts the server" \
            trust_does add "opcua:$client" "$(own_certificate "$name")" --list trusted
        start_managed "$stack" "$name" "${ports[at]}"
        url=opc.tcp://127.0.0.1:${ports[at]}/plant
        step "$stack: an unknown client is refused" refuses party "$stack" client "$client" "$url" Basic256Sha256
        step "$stack: it waits among the rejected ones" waits "$name" "$client"
        step "$stack: it is approved" trust_does approve "opcua:$name" "$client"
        step "$stack: it is let in" soon party "$stack" client "$client" "$url" Basic256Sha256
        step "$stack: it is rejected again" trust_does reject "opcua:$name" "$client" --list trusted
        step "$stack: it is refused again" soon refuses party "$stack" client "$client" "$url" Basic256Sha256
        step "$stack: that is taken back" trust_does undo "opcua:$name"
        step "$stack: it is let in again" soon party "$stack" client "$client" "$url" Basic256Sha256
        at=$((at + 1))
    done
}

# trust_does WHAT...: certkit does it; a warning is no refusal.
trust_does() {
    local status=0
    "$certkit" trust "$@" || status=$?
    [ "$status" -le 1 ]
}

# own_certificate PKI
own_certificate() {
    local file
    for file in "$1"/own/certs/*; do
        printf '%s\n' "$file"
        return
    done
}

# waits PKI NAME: a certificate of that name is among the rejected ones, within some seconds.
waits() {
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do
        "$certkit" trust list "opcua:$1" --list rejected >list.txt 2>&1 && grep -qF -- "$2" list.txt && return
        sleep 0.5
    done
    cat list.txt
    return 1
}

# soon COMMAND...: it succeeds within some seconds: servers look at their folders now and then.
soon() {
    local try
    for try in 1 2 3 4 5 6 7 8; do
        "$@" && return
        sleep 1
    done
    return 1
}

# start_managed STACK PKI PORT: a server that goes by its folders as they are when a client comes.
start_managed() {
    case $1 in
    asyncua) start "$2" "$cache/venv/bin/python" "$here/asyncua_party.py" warden "$2" "$3" ;;
    node) start "$2" env CERTKIT_NODE_MODULES="$cache" node "$here/node_party.js" server "$2" "$3" ;;
    esac
    await "$2" "$3"
}
