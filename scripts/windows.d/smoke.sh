# shellcheck shell=bash
# The steps of the Windows smoke test, against the promise of the command line.
# Sourced by scripts/windows after wine.sh. The steps are about what differs
# on Windows: names and paths, replacing files, the random source, sockets,
# the certificate stores. What a certificate says is tested elsewhere.

# --- what the steps look at -------------------------------------------------

new_key() { # NAME
    openssl req -new -newkey rsa:2048 -nodes -config "$here/smoke.cnf" \
        -subj "/O=Smoke Test/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
}

issue() { # NAME ISSUER DAYS SECTION
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial "0x$(openssl rand -hex 12)" \
        -days "$3" -extfile "$here/smoke.cnf" -extensions "$4" -out "$1.pem" 2>/dev/null
}

make_chain() {
    new_key root
    openssl x509 -req -in root.csr -signkey root.key -set_serial "0x$(openssl rand -hex 12)" \
        -days 3650 -extfile "$here/smoke.cnf" -extensions root -out root.pem 2>/dev/null
    new_key issuing
    issue issuing root 1825 issuing
    new_key localhost
    issue localhost issuing 90 server
}

fingerprint() { # FILE
    openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr '[:upper:]' '[:lower:]'
}

same_certificate() { [ "$(fingerprint "$1")" = "$(fingerprint "$2")" ]; }
holds() { grep -qF -- "$1" "$2"; }
lacks() { [ -s "$2" ] && ! grep -qF -- "$1" "$2"; }
is_absent() { [ ! -e "$1" ]; }
failed_cleanly() { # TEXT THAT STDERR HOLDS
    holds "$1" err && [ ! -s out ] && ! grep -qi 'panicked' err
}

only_system_libraries() {
    local library libraries
    libraries=$(x86_64-w64-mingw32-objdump -p "$exe" | sed -n 's/^\tDLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u)
    [ -n "$libraries" ] || return 1
    for library in $libraries; do
        case $library in
        advapi32.dll | api-ms-win-*.dll | bcrypt.dll | bcryptprimitives.dll | crypt32.dll | \
            kernel32.dll | kernelbase.dll | msvcrt.dll | ncrypt.dll | ntdll.dll | ole32.dll | \
            oleaut32.dll | secur32.dll | shell32.dll | user32.dll | userenv.dll | ws2_32.dll) ;;
        *)
            printf 'not part of Windows: %s\n' "$library"
            return 1
            ;;
        esac
    done
}

has_resources() {
    local type
    x86_64-w64-mingw32-objdump -p "$exe" >resources
    # Icons, groups of icons, versions and manifests have these numbers.
    for type in 0x000003 0x00000e 0x000010 0x000018; do
        grep -q "^[0-9a-f]*   Entry: ID: $type" resources || return 1
    done
}

windows_path() { # ABSOLUTE UNIX PATH
    printf 'Z:%s' "${1//\//\\}"
}

chain_of_three() { # FILE
    [ "$(grep -c 'BEGIN CERTIFICATE' "$1")" -eq 3 ]
}

prepare
make_chain
place='Schlüssel für Köln'
mkdir "$place"
cp localhost.pem "$place/Gerät 1.pem"
openssl x509 -in localhost.pem -outform DER -out "$place/Gerät 1.der"

# --- the program itself -----------------------------------------------------

command_line=objdump
expect 'the exe needs only libraries of Windows' 0 only_system_libraries

certkit --version
expect 'says its version' 0 grep -Eq '^certkit [0-9]+\.[0-9]+\.[0-9]+' out

certkit version --json
expect 'says what it was built for' 0 holds '"target": "x86_64-pc-windows-gnu"' out

certkit selftest
expect 'works here' 0 holds 'OK: certkit works' out

command_line=objdump
expect 'the exe has an icon, a version and a manifest' 0 has_resources

certkit --help
expect 'says its commands' 0 holds inspect out

certkit no-such-command
expect 'refuses an unknown command' 3 failed_cleanly no-such-command

# --- files ------------------------------------------------------------------

certkit inspect "$place/Gerät 1.pem"
expect 'inspects a file with blanks and umlauts' 0 holds localhost out

certkit inspect "$place\\Gerät 1.der" --json
expect 'inspects DER behind a backslash, as JSON' 0 holds "$(fingerprint localhost.pem)" out

certkit inspect "$(windows_path "$smoke/$place/Gerät 1.pem")"
expect 'inspects a path with a drive letter' 0 holds localhost out

certkit inspect "$place"
expect 'inspects a folder' 0 holds 'Gerät 1.der' out

stdin=localhost.pem certkit inspect -
expect 'inspects standard input' 0 holds localhost out

certkit inspect "$place/gibt es nicht.pem"
expect 'a missing file is a failure that names it' 3 failed_cleanly 'gibt es nicht.pem'

certkit inspect localhost.key
expect 'inspects a key without showing it' 0 lacks 'PRIVATE KEY-----' out

# --- judgements -------------------------------------------------------------

certkit check localhost.pem --profile https --host localhost --trust root.pem --untrusted issuing.pem --json
expect 'checks a good certificate' '0|1' holds certkit.check/1 out

certkit check localhost.pem --profile https --trust root.pem --untrusted issuing.pem --at 2099-01-01
expect 'checks an expired certificate, without colour in a file' 2 lacks $'\e' out

# --- network ----------------------------------------------------------------

start_server -cert localhost.pem -key localhost.key -cert_chain issuing.pem -www
url=tls://localhost:$server_port

certkit fetch "$url" --part ca -o "$place/CA von Köln.pem" --trust root.pem --no-default-trust --offline
expect 'fetches the CA into a file' '0|1' same_certificate "$place/CA von Köln.pem" root.pem

certkit fetch "$url" --trust root.pem --no-default-trust --offline
expect 'fetches the whole chain' '0|1' chain_of_three out

certkit fetch "$url" --part ca -o "$place/ohne.pem" --no-default-trust --offline
expect 'writes nothing when the top is not found' 2 is_absent "$place/ohne.pem"

printf 'occupied' >"$place/da.der"
cp "$place/da.der" before
certkit fetch "$url" --part leaf -o "$place/da.der" --trust root.pem --no-default-trust --offline
expect 'keeps an existing file' 3 cmp "$place/da.der" before

certkit fetch "$url" --part leaf -o "$place/da.der" --trust root.pem --no-default-trust --offline --force
expect 'replaces an existing file when forced' '0|1' cmp "$place/da.der" "$place/Gerät 1.der"

stop_server

limit=20 certkit fetch "$url" -o "$place/nichts.pem" --timeout 5s
expect 'an endpoint that does not answer is a failure' 3 is_absent "$place/nichts.pem"

certkit demo
expect 'runs its own demonstration' '0|1' grep -qi thingworx out err

# --- trust ------------------------------------------------------------------

root_print=$(fingerprint root.pem)
for where in CurrentUser LocalMachine; do
    store="windows:$where\\Root"

    certkit trust add "$store" root.pem --dry-run
    expect "$where: a dry run adds nothing" '0|1' holds 'nothing was written' out

    certkit trust list "$store" --json
    expect "$where: the root is not there yet" '0|1' lacks "$root_print" out

    certkit trust add "$store" root.pem --reason 'smoke test'
    expect "$where: adds a root" '0|1' holds written out

    certkit trust add "$store" root.pem
    expect "$where: adds it once" '0|1' holds 'nothing to do' out

    certkit trust list "$store" --json
    expect "$where: lists it" '0|1' holds "$root_print" out

    certkit check localhost.pem --profile https --host localhost --trust "$store" --untrusted issuing.pem --json
    expect "$where: a chain ends there" '0|1' holds 'found in windows:' out

    certkit trust remove "$store" "$root_print"
    expect "$where: removes it" 0 holds removed out

    certkit trust list "$store" --json
    expect "$where: it is gone" '0|1' lacks "$root_print" out
done

certkit trust add 'windows:CurrentUser\Root' localhost.pem
expect 'a leaf is no root' 2 holds not-a-ca out

certkit trust list 'windows:CurrentUser\NoSuchStore'
expect 'a store that there is not is not made' 3 failed_cleanly NoSuchStore

certkit trust add "opcua:$place\\pki" root.pem --list trusted --create
expect 'fills the PKI folder of an OPC UA application' '0|1' test -d "$place/pki/trusted/certs"

printf 'Sesame-Opens-417\n' >password
certkit trust add "$place\\Vertrauen.jks" root.pem --create --password-file password
expect 'makes a Java keystore' '0|1' test -s "$place/Vertrauen.jks"

certkit trust undo "$place\\Vertrauen.jks"
expect 'takes that back' 0 is_absent "$place/Vertrauen.jks"

# --- the page ---------------------------------------------------------------

# Starts `certkit ui`, and asks for what a browser asks for: $link, $origin and $path are where it is.
start_page() {
    local try
    : >page.out
    "$wine_home/wine64" certkit.exe ui --no-browser --folder "$place" >page.out 2>page.err </dev/null &
    server=$!
    for try in {1..100}; do
        link=$(tr -d '\r' <page.out | head -n 1)
        [ -z "$link" ] || break
        sleep 0.1
    done
    [ -n "$link" ] || die "certkit ui did not start ($try tries): $(tail -n 1 page.err)"
    origin=${link%%/open/*}
    curl -s -c cookies "$link" >opened
    path=$(sed -n 's/.*url=\([^"]*\)".*/\1/p' opened)
}

# ask PATH ARGUMENT...: as the page does; leaves the answer in the file out, and its status in $status.
ask() {
    command_line="ask $*"
    local at=$1
    shift
    : >err
    status=$(curl -s -b cookies -o out -w '%{http_code}' -H "Origin: $origin" "$@" "$origin$path$at")
}

command_line='certkit ui'
start_page
ask ''
expect 'serves the page' 200 holds '<html lang=' out

{
    printf '{"task":{"task":"check","inputs":[{"dropped":"localhost.pem"}]},"files":[{"name":"localhost.pem","size":%s}]}\n' \
        "$(stat -c %s localhost.pem)"
    cat localhost.pem
} >body
ask run -H 'Content-Type: application/octet-stream' --data-binary @body
expect 'checks what is dropped onto the page' 200 holds certkit.check/1 out

ask folder
expect 'lists the folder of the page' 200 holds 'Gerät 1.pem' out

status=$(curl -s -o out -w '%{http_code}' "$origin$path")
expect 'shows nothing to a browser without the cookie' 403 lacks '<html' out

ask end -X POST
status=1
if timeout 20 tail --pid="$server" -f /dev/null; then
    status=0
    wait "$server" || status=$?
    server=
fi
stop_server
expect 'ends with its button' 0

# --- the rest ---------------------------------------------------------------

certkit completions powershell
expect 'completes in PowerShell' 0 holds certkit out

certkit schema check
expect 'prints the JSON Schema of a report' 0 holds certkit.check/1 out

summary
