"""Plants one fault after the other, runs real programs into it, and holds what certkit makes of their words."""

import json
import os
import ssl
import subprocess
import sys
import time
from pathlib import Path

from opcua import opcua
from pki import plant
from programs import Clients, Server, free_port, running, said

CERTKIT = sys.argv[1]
WORDS = sys.argv[2:]
DIR = Path(os.environ["DIR"])
CATALINA_HOME = os.environ["CATALINA_HOME"]
PASSWORD = "Plant-2026-right!"

passed = failed = 0


def wanted(name):
    return not WORDS or any(word in name for word in WORDS)


def explained(text):
    """What certkit makes of a program's words: its matches, the weightiest first."""
    done = subprocess.run([CERTKIT, "explain", "--log", "-", "--json"], input=text, capture_output=True, text=True)
    if done.returncode not in (0, 1, 2):
        return [], done.stderr
    matches = json.loads(done.stdout)["matches"]
    return sorted(matches, key=lambda match: match["is_frame"]), ""


def tell(name, fault, text=""):
    global passed, failed
    if fault:
        failed += 1
        print(f"not ok - {name}: {fault}")
        for line in text.splitlines()[-14:]:
            print(f"    {line[:200]}")
    else:
        passed += 1
        print(f"ok - {name}")
    sys.stdout.flush()


def fits(match, cause):
    """A cause is an id of a finding, or words of the meaning."""
    return cause in match["finding_ids"] or cause in match["meaning"]


def case(name, fault, cured, causes, cure):
    """One case: `fault` and `cured` give (words, whether it went well); one of `causes` and the words of `cure` are expected."""
    if not wanted(name):
        return
    text, is_well = fault()
    if is_well:
        return tell(name, "the planted fault had no effect", text)
    matches, trouble = explained(text)
    if not matches:
        return tell(name, trouble or "nothing was recognised", text)
    first = matches[0]
    if not any(fits(first, cause) for cause in causes):
        others = "; ".join(f"{match['program']}: {match['code']} {match['finding_ids']}" for match in matches)
        return tell(name, f"expected {causes}, got {others}", text)
    if cure and not any(word.lower() in first["remedy"].lower() for word in cure):
        return tell(name, f"the cure says nothing of {cure}: {first['remedy']}", text)
    if cured:
        text, is_well = cured()
        matches, _ = explained(text)
        left = [match for match in matches if any(fits(match, cause) for cause in causes)]
        if not is_well or left:
            return tell(name, f"the cure does not help; still {[match['code'] for match in left]}", text)
    return tell(name, "")


def tls(pki, clients):
    """Servers of Python, clients of every kind."""
    good, root = (pki.path("good.pem"), pki.path("good.key")), pki.path("root.pem")
    no_lists = {"java", "node", "gnutls"}
    situations = [
        # name, certificate, what the client trusts, causes, cure, clients that do not see it
        ("expired", "expired", root, ["expired"], ["renew"], set()),
        ("not yet valid", "not-yet", root, ["not-yet-valid"], ["clock"], set()),
        ("self-signed", "self-signed", root, ["self-signed", "anchor-unknown"], ["CA"], set()),
        ("unknown CA", "unknown-ca", root, ["anchor-unknown"], ["store", "chain"], set()),
        ("wrong host", "wrong-host", root, ["host-mismatch"], ["name"], set()),
        ("weak key", "weak-key", root, ["key-too-weak"], ["new"], {"node", "gnutls", "java"}),
        ("weak digest", "weak-digest", root, ["signature-weak-hash"], ["SHA-256"], {"node", "java"}),
        ("missing intermediate", "below", root, ["chain-issuers-not-sent", "anchor-unknown"], ["chain"], set()),
        ("wrong purpose", "for-clients", root, ["purpose-not-allowed", "server-auth-missing"], ["purpose", "issue"], set()),
    ]
    names = ["openssl", "curl", "python", "node", "gnutls", "java"]
    for words, name, trusted, causes, cure, blind in situations:
        file = pki.path(f"{name}.pem")
        with Server(file, pki.path(f"{name}.key")) as bad, Server(*good) as fine:
            chain = pki.path("below-chain.pem") if name == "below" else None
            cured = Server(chain, pki.path("below.key")) if chain else fine
            for client in names:
                if client in blind:
                    continue
                ask = getattr(clients, client)
                case(f"{client}: {words}", lambda: ask(bad.port, trusted), lambda: ask(cured.port, trusted), causes, cure)
    for client in ("openssl", "curl", "python", "gnutls"):
        ask = getattr(clients, client)
        with Server(pki.path("revoked.pem"), pki.path("revoked.key")) as bad, Server(*good) as fine:
            crl = pki.path("root.crl")
            listed = pki.path("root-with-list.pem") if client == "python" else crl
            case(f"{client}: revoked", lambda: ask(bad.port, root, listed), lambda: ask(fine.port, root, listed), ["revoked"], ["new certificate"])
            if client in ("openssl", "python"):
                empty = pki.path("elsewhere.pem") if client == "python" else None
                if empty:
                    case(f"{client}: no list", lambda: ask(fine.port, root, empty), lambda: ask(fine.port, root, listed), ["revocation-unknown"], ["list"])
    own = (pki.path("client.pem"), pki.path("client.key"))
    for client in ("openssl", "curl", "python", "node", "gnutls"):
        ask = getattr(clients, client)
        with Server(*good, ca=root) as strict, Server(*good, ca=root, highest=ssl.TLSVersion.TLSv1_2) as older:
            fine = lambda: ask(strict.port, root, "", *own)
            causes = ["client-auth-missing", "refused", "ended the connection", "could not negotiate", "requires a client certificate"]
            case(f"{client}: no client certificate, TLS 1.2", lambda: ask(older.port, root), fine, causes, None)
            case(f"{client}: no client certificate, TLS 1.3", lambda: ask(strict.port, root), fine, causes, None)
            for bad, cause in (("client-expired", "expired"), ("client-elsewhere", "anchor-unknown")):
                files = (pki.path(f"{bad}.pem"), pki.path(f"{bad}.key"))
                case(f"{client}: {bad}", lambda: ask(older.port, root, "", *files), fine, [cause, *causes], None)
    for client in names:
        ask = getattr(clients, client)
        with Server(*good, plain=True) as plain, Server(*good) as fine:
            case(f"{client}: plain HTTP on the port", lambda: ask(plain.port, root), lambda: ask(fine.port, root), ["did not"], ["port"])
        with Server(*good, lowest=ssl.TLSVersion.TLSv1, highest=ssl.TLSVersion.TLSv1_1) as old, Server(*good) as fine:
            causes = ["connection-obsolete", "ended the connection", "could not negotiate"]
            if client == "gnutls":
                # It still speaks TLS 1.1.
                continue
            case(f"{client}: TLS 1.1 only", lambda: ask(old.port, root), lambda: ask(fine.port, root), causes, ["update", "read the log"])
    # The servers' side: what Python says of its clients.
    for bad, causes in (
        (None, ["client-auth-missing", "requires a client certificate"]),
        ("client-expired", ["expired"]),
        ("client-elsewhere", ["anchor-unknown"]),
        ("client-for-servers", ["purpose-not-allowed", "client-auth-missing"]),
    ):
        def log(name=bad):
            with Server(*good, ca=root) as strict:
                files = (pki.path(f"{name}.pem"), pki.path(f"{name}.key")) if name else ("", "")
                _, is_well = clients.curl(strict.port, root, "", *files)
                time.sleep(0.2)
                return "\n".join(strict.errors), is_well and not strict.errors
        case(f"python server: {bad or 'no client certificate'}", log, lambda: log("client"), causes, None)
    with Server(*good) as strict:
        def wrong():
            said("curl", "-sS", "-m", "5", f"http://localhost:{strict.port}/")
            time.sleep(0.2)
            return "\n".join(strict.errors), not strict.errors
        case("python server: plain HTTP came", wrong, None, ["did not"], ["port", "scheme"])


def files(pki, clients):
    """Files and stores: openssl verify, keytool, certtool, programs that load a key."""
    root, verify = pki.path("root.pem"), ["openssl", "verify", "-CAfile", pki.path("root.pem")]
    fine = lambda: said(*verify, pki.path("good.pem"))
    for name, more, causes, cure in (
        ("expired", [], ["expired"], ["renew"]),
        ("not-yet", [], ["not-yet-valid"], ["clock"]),
        ("self-signed", [], ["self-signed"], ["CA"]),
        ("unknown-ca", [], ["anchor-unknown"], ["store"]),
        ("below", [], ["anchor-unknown", "chain-issuers-not-sent"], ["chain"]),
        ("wrong-host", ["-verify_hostname", "localhost"], ["host-mismatch"], ["name"]),
        ("for-clients", ["-purpose", "sslserver"], ["purpose-not-allowed", "server-auth-missing"], None),
        ("weak-key", ["-auth_level", "2"], ["key-too-weak"], ["new"]),
        ("weak-digest", ["-auth_level", "2"], ["signature-weak-hash"], ["SHA-256"]),
        ("revoked", ["-crl_check", "-CRLfile", pki.path("root.crl")], ["revoked"], ["new certificate"]),
        ("good", ["-crl_check"], ["revocation-unknown"], ["list"]),
    ):
        case(f"openssl verify: {name}", lambda: said(*verify, *more, pki.path(f"{name}.pem")), fine, causes, cure)
    store = pki.path("good.p12")
    right = lambda: said("keytool", "-list", "-keystore", store, "-storepass", PASSWORD)
    case("keytool: wrong password", lambda: said("keytool", "-list", "-keystore", store, "-storepass", "wrong-password"), right, ["password"], ["password"])
    case("keytool: no store", lambda: said("keytool", "-list", "-keystore", pki.path("good.pem"), "-storepass", PASSWORD), right, ["kind", "form", "file"], None)
    alias = lambda name: lambda: said("keytool", "-list", "-alias", name, "-keystore", store, "-storepass", PASSWORD)
    case("keytool: alias", alias("no-such"), alias("plant"), ["alias"], ["alias"])
    pkcs12 = lambda word: lambda: said("openssl", "pkcs12", "-in", store, "-passin", f"pass:{word}", "-nokeys")
    case("openssl pkcs12: wrong password", pkcs12("wrong"), pkcs12(PASSWORD), ["password"], ["password"])
    load = lambda key: lambda: said(sys.executable, "-c", "import ssl, sys; ssl.create_default_context().load_cert_chain(*sys.argv[1:])", pki.path("good.pem"), pki.path(key))
    case("python: key of another certificate", load("client.key"), load("good.key"), ["does not belong"], ["key"])
    server = lambda key: lambda: said("node", "-e", f"require('tls').createSecureContext({{cert: require('fs').readFileSync('{pki.path('good.pem')}'), key: require('fs').readFileSync('{pki.path(key)}')}})")
    case("node: key of another certificate", server("client.key"), server("good.key"), ["does not belong"], ["key"])
    check = lambda name: lambda: said("certtool", "--verify", "--load-ca-certificate", root, "--infile", pki.path(f"{name}.pem"), "--verify-profile", "medium")
    for name, causes in (("expired", ["expired"]), ("not-yet", ["not-yet-valid"]), ("unknown-ca", ["anchor-unknown"])):
        case(f"certtool: {name}", check(name), check("good"), causes, None)


def nginx(pki, clients):
    """nginx, its start and its log."""
    folder = DIR / "nginx"
    folder.mkdir()

    def configured(certificate, key, more=""):
        port = free_port()
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log info; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;\n"
            f"uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n"
            f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {pki.path(certificate)}; ssl_certificate_key {pki.path(key)}; {more} }} }}\n"
        )
        (folder / "error.log").write_text("")
        return port

    def start(certificate, key):
        configured(certificate, key)
        return said("nginx", "-t", "-p", folder, "-c", folder / "nginx.conf")

    case("nginx: key of another certificate", lambda: start("good.pem", "client.key"), lambda: start("good.pem", "good.key"), ["does not belong"], ["key"])
    case("nginx: no such file", lambda: start("none.pem", "good.key"), lambda: start("good.pem", "good.key"), ["file", "found"], None)

    def log(ask, more=""):
        port = configured("good.pem", "good.key", more)
        with running(["nginx", "-p", folder, "-c", folder / "nginx.conf"], port, folder / "out.log"):
            ask(port)
            time.sleep(0.3)
        text = (folder / "error.log").read_text()
        # The first connection asks whether it listens.
        faults = ("SSL_do_handshake", "verify error", "plain HTTP", "did not send", "no required SSL")
        return text, not any(word in text for word in faults)

    root = pki.path("root.pem")
    verify = f"ssl_verify_client on; ssl_client_certificate {root};"
    own = lambda name: lambda port: clients.curl(port, root, "", pki.path(f"{name}.pem"), pki.path(f"{name}.key"))
    case("nginx: unknown to its client", lambda: log(lambda port: clients.curl(port, pki.path("elsewhere.pem"))), lambda: log(own("client")), ["anchor-unknown"], ["CA"])
    case("nginx: plain HTTP", lambda: log(lambda port: said("curl", "-s", f"http://localhost:{port}/")), None, ["did not"], ["scheme", "port"])
    case("nginx: expired client", lambda: log(own("client-expired"), verify), lambda: log(own("client"), verify), ["expired"], ["renew"])
    case("nginx: unknown client", lambda: log(own("client-elsewhere"), verify), lambda: log(own("client"), verify), ["anchor-unknown"], ["CA"])
    with Server(pki.path("expired.pem"), pki.path("expired.key")) as bad, Server(pki.path("good.pem"), pki.path("good.key")) as fine:
        to = lambda port: f"location / {{ proxy_pass https://localhost:{port}; proxy_ssl_verify on; proxy_ssl_trusted_certificate {root}; proxy_ssl_name localhost; }}"
        case("nginx: expired server behind", lambda: log(lambda port: clients.curl(port, root), to(bad.port)), lambda: log(lambda port: clients.curl(port, root), to(fine.port)), ["expired"], ["renew"])


def mosquitto(pki, clients):
    """The broker's log, and what its client says."""
    folder = DIR / "mosquitto"
    folder.mkdir()
    root = pki.path("root.pem")

    def both(publish, more="", certificate="good", key=None):
        port = free_port()
        (folder / "conf").write_text(
            f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\ncafile {root}\ncertfile {pki.path(certificate)}.pem\nkeyfile {pki.path(key or certificate)}.key\n{more}\n"
        )
        with running(["mosquitto", "-c", folder / "conf"], port, folder / "log", ready=" running"):
            words, is_well = publish(port)
            time.sleep(0.3)
        return (folder / "log").read_text(), words, is_well

    def publish(*more, ca=root, host="localhost"):
        return lambda port: said("mosquitto_pub", "-h", host, "-p", port, *(["--cafile", ca] if ca else []), *more, "-t", "a", "-m", "b", timeout=10)

    client = lambda *words: lambda: (lambda it: (it[1], it[2]))(both(*words))
    broker = lambda *words: lambda: (lambda it: (it[0], it[2]))(both(*words))
    fine, required = publish(), "require_certificate true"
    own = lambda name: publish("--cert", pki.path(f"{name}.pem"), "--key", pki.path(f"{name}.key"))
    case("mosquitto: unknown to its client", broker(publish(ca=pki.path("elsewhere.pem"))), broker(fine), ["anchor-unknown"], ["CA"])
    case("mosquitto: no client certificate", broker(fine, required), broker(own("client"), required), ["client-auth-missing", "requires"], ["certificate"])
    case("mosquitto: expired client", broker(own("client-expired"), required), broker(own("client"), required), ["expired"], None)
    case("mosquitto: unknown client", broker(own("client-elsewhere"), required), broker(own("client"), required), ["anchor-unknown"], None)
    case("mosquitto: plain MQTT", broker(publish(ca=None)), broker(fine), ["did not"], ["port"])
    case("mosquitto: key of another certificate", broker(fine, "", "good", "client"), broker(fine), ["does not belong"], ["key"])
    case("mosquitto_pub: wrong host", client(fine, "", "wrong-host"), client(fine), ["host-mismatch", "refused", "not why"], None)
    case("mosquitto_pub: unknown CA", client(publish(ca=pki.path("elsewhere.pem"))), client(fine), ["anchor-unknown", "refused", "not why"], None)


def tomcat(pki, clients):
    """Tomcat's start with a key store."""
    base = DIR / "tomcat"
    (base / "conf").mkdir(parents=True)
    for name in ("logs", "temp", "work", "webapps"):
        (base / name).mkdir()

    def start(password, alias="plant", store="good.p12"):
        port = free_port()
        (base / "conf" / "server.xml").write_text(
            f'<Server port="-1"><Service name="Catalina"><Connector port="{port}" address="127.0.0.1" SSLEnabled="true" scheme="https" secure="true">'
            f'<SSLHostConfig><Certificate certificateKeystoreFile="{pki.path(store)}" certificateKeystorePassword="{password}" '
            f'certificateKeystoreType="PKCS12" certificateKeyAlias="{alias}"/></SSLHostConfig></Connector>'
            '<Engine name="Catalina" defaultHost="localhost"><Host name="localhost"/></Engine></Service></Server>'
        )
        more = {"CATALINA_BASE": str(base), "CATALINA_HOME": CATALINA_HOME, "JAVA_OPTS": "-XX:TieredStopAtLevel=1"}
        log = base / "out.log"
        with running([f"{CATALINA_HOME}/bin/catalina.sh", "run"], port, log, more) as server:
            for _ in range(200):
                text = log.read_text()
                if "Server startup in" in text or server.poll() is not None:
                    break
                time.sleep(0.1)
        return text, "SEVERE" not in text

    fine = lambda: start(PASSWORD)
    case("tomcat: wrong password", lambda: start("wrong-password"), fine, ["password"], ["password"])
    case("tomcat: wrong alias", lambda: start(PASSWORD, "no-such"), None, ["alias"], ["alias"])
    case("tomcat: no such store", lambda: start(PASSWORD, "plant", "none.p12"), None, ["file", "found"], None)


def main():
    pki = plant(DIR / "pki")
    clients = Clients(DIR)
    for part in (tls, files, nginx, mosquitto, tomcat):
        part(pki, clients)
    opcua(pki, DIR, case)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
