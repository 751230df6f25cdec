# Cases, what preflight says of them, and what comes of the session.

stacks_here=(asyncua node)

# Certificates and lists, a case in each line. The client, what it trusts; the server, what it trusts; the ApplicationUri that the client tells, if not its own.
cases() {
    cat <<'END'
both-trust          own-client peer         own-server peer
client-unknown      own-client peer         own-server nothing
server-unknown      own-client nothing      own-server peer
ca-trusted          issued-client ca        issued-server ca
issuing-trusted     issued-client issuing   issued-server issuing
server-without-crl  issued-client ca        issued-server bare
client-without-crl  issued-client bare      issued-server ca
server-root-only    issued-client ca        issued-server root
client-root-only    issued-client root      issued-server ca
client-lacks-ca     issued-client peer      issued-server ca
server-lacks-ca     issued-client ca        issued-server peer
leaves-and-issuers  issued-client known     issued-server known
client-revoked      revoked-client ca       issued-server ca
server-revoked      issued-client ca        revoked-server ca
client-expired      expired-client peer     own-server peer
server-expired      own-client peer         expired-server peer
client-web          web-client peer         own-server peer
server-web          own-client peer         web-server peer
other-uri           own-client peer         own-server peer     other
second-uri          uris-client peer        own-server peer     uris-client:second
END
}

# The name of a stack in preflight.
named() { if [[ $1 == node ]]; then echo node-opcua; else echo "$1"; fi; }

# party STACK WHAT...
party() {
    local stack=$1
    shift
    case $stack in
    asyncua) "$cache/venv/bin/python" "$parties/asyncua_party.py" "$@" ;;
    node) CERTKIT_NODE_MODULES=$cache node "$parties/node_party.js" "$@" ;;
    esac
}

start_party() {
    case $2 in
    asyncua) start "$1" "$cache/venv/bin/python" "$parties/asyncua_party.py" server "$3" "$4" ;;
    node) start "$1" env CERTKIT_NODE_MODULES="$cache" node "$parties/node_party.js" server "$3" "$4" ;;
    esac
    await "$1" "$4"
}

# foretold FILE: what preflight said: the verdict, then the codes of the side that refuses first; the server's own and
# the one that it tells.
foretold() {
    "$cache/venv/bin/python" - "$1" <<'PYTHON'
import json, sys
said = json.load(open(sys.argv[1]))
client, server = said["sides"]
codes = [client["status_code"]]
if codes == ["Good"]:
    codes = [server["status_code"], server["told"]]
print(said["verdict"], *dict.fromkeys(codes))
PYTHON
}

# session WORDS CLIENT_STACK CLIENT_PKI URL SERVER_STACK SERVER CLIENT_URI: one, held against what was said of it.
session() {
    local words=$1 client=$2 pki=$3 url=$4 server=$5 log=$dir/logs/$6.log own_uri=$7 verdict codes outcome=opens before
    "$certkit" preflight "$pki" "$url" --peer-pki "$6-lists" --security-policy Basic256Sha256 \
        --application-uri "$own_uri" --host localhost --stack "$(named "$client")" --peer-stack "$(named "$server")" \
        --json >"$pki.json" 2>"$pki.err" || true
    read -r verdict codes < <(foretold "$pki.json") || die "preflight said nothing of $words: $(<"$pki.err")"
    before=$(wc -l <"$log")
    CERTKIT_APPLICATION_URI=$own_uri party "$client" client "$pki" "$url" Basic256Sha256 >"$pki.log" 2>&1 || outcome=refused
    # What a server tells on the wire, some clients do not pass on.
    tail -n "+$((before + 1))" "$log" >>"$pki.log"
    step "$words: $verdict, $codes" agrees "$outcome" "$pki.log" "$verdict" $codes
}

# attempt WORDS PKI URL SERVER_STACK SERVER CLIENT_URI: certkit itself as the client, held against what was said.
attempt() {
    local words=$1 pki=$2 url=$3 server=$4 own_uri=$6
    "$certkit" preflight "$pki" "$url" --peer-pki "$5-lists" --security-policy Basic256Sha256 --try \
        --application-uri "$own_uri" --host localhost --peer-stack "$(named "$server")" \
        --json >"$pki.try.json" 2>"$pki.try.err" || true
    step "$words, certkit tries" foretold_by_attempt "$pki.try"
}

# foretold_by_attempt BASE: the server has answered as was said.
foretold_by_attempt() {
    "$cache/venv/bin/python" - "$1" <<'PYTHON'
import json, sys
from pathlib import Path
base = Path(sys.argv[1])
try:
    said = json.loads(Path(f"{base}.json").read_text())["attempt"]
except (ValueError, KeyError):
    sys.exit(Path(f"{base}.err").read_text())
if not said["agrees"]:
    sys.exit(f"predicted {said['predicted']}, and it is {said}")
PYTHON
}

# agrees OUTCOME LOG VERDICT CODE...: it is as was said, and a refusal has the codes that were said.
agrees() {
    local outcome=$1 log=$2 verdict=$3 code
    shift 3
    if [[ $outcome != "$verdict" ]]; then
        printf 'preflight said %s, and it is %s\n' "$verdict" "$outcome"
        tail -n 8 "$log"
        return 1
    fi
    [[ $outcome == refused ]] || return 0
    for code; do
        grep -q "$code" "$log" && continue
        printf 'preflight said %s; the log has\n' "$code"
        grep -o 'Bad[A-Z][A-Za-z]*' "$log" | sort | uniq -c
        return 1
    done
}

# hold_cases [CASE...]
hold_cases() {
    local name client trusts server served told stack peer port
    while read -r name client trusts server served told; do
        [[ $# == 0 || " $* " == *" $name "* ]] || continue
        for stack in "${stacks_here[@]}"; do
            deadline=$((SECONDS + 120))
            read -r port < <(free_ports 1)
            folder "$stack" "$name-$stack" "$server"
            lists "$stack" "$name-$stack" "$served" "$client"
            # A server may write into its folder while it runs; preflight looks at what it was given.
            cp -r "$name-$stack" "$name-$stack-lists"
            start_party "$name-$stack" "$stack" "$name-$stack" "$port"
            for peer in "${stacks_here[@]}"; do
                # node-opcua's client takes its ApplicationUri from its certificate.
                [[ -z $told || $peer != node ]] || continue
                folder "$peer" "$name-$stack-$peer" "$client"
                lists "$peer" "$name-$stack-$peer" "$trusts" "$server"
                session "$name, $peer client, $stack server" "$peer" "$name-$stack-$peer" \
                    "opc.tcp://localhost:$port/plant" "$stack" "$name-$stack" "$(uri "${told:-$client}")"
            done
            attempt "$name, $stack server" "$name-$stack-asyncua" "opc.tcp://localhost:$port/plant" "$stack" \
                "$name-$stack" "$(uri "${told:-$client}")"
        done
    done < <(cases)
}
