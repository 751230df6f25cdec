"""Jobs of what certkit makes: keys with certificates, and certificates for many requests."""

import os
import shlex
import shutil
import subprocess

import rounds

# How many requests are signed in one run.
MANY = 1000


def in_shell(words, says):
    """A command line that ends by saying so, where it succeeds."""
    return ["sh", "-c", f"{words} && echo {says}"]


def node_pki():
    """node-opcua's own generator, where scripts/opcua has installed it."""
    cache = os.environ.get("CERTKIT_OPCUA_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "certkit/opcua"
    )
    program = os.path.join(cache, "node_modules/node-opcua-pki/dist/bin/pki.mjs")
    return program if shutil.which("node") and os.path.exists(program) else None


def generate_commands(folder, certkit, bits):
    """A new key with its self-signed certificate; what each writes is replaced in every round."""
    ours, theirs, node = (os.path.join(folder, name) for name in ("ours", "theirs", "node"))
    says = "MADE"
    commands = {
        f"certkit generate, RSA {bits}": in_shell(
            f"{shlex.quote(str(certkit))} generate opcua --subject CN=plc7,O=Plant --dns plc7.plant.test --force"
            f" --key-type rsa:{bits} --cert-out {ours}.pem --key-out {ours}.key 2>/dev/null",
            says,
        ),
        f"openssl req -newkey, RSA {bits}": in_shell(
            f"openssl req -x509 -newkey rsa:{bits} -nodes -subj /O=Plant/CN=plc7 -days 365"
            f" -addext subjectAltName=URI:urn:plc7:Plant:App -keyout {theirs}.key -out {theirs}.pem 2>/dev/null",
            says,
        ),
    }
    program = node_pki()
    if program:
        # Its key is made with its folder, its certificate afterwards.
        pki = f"node {shlex.quote(program)}"
        commands[f"node-opcua-pki, RSA {bits}"] = in_shell(
            f"rm -rf {node} && {pki} createPKI --silent -k {bits} -r {node} >/dev/null 2>&1"
            f" && {pki} certificate --silent -s -r {node} -a urn:plc7:Plant:App"
            f" --dns plc7.plant.test -o {node}.pem >/dev/null 2>&1",
            says,
        )
    return commands, says


def sign_commands(folder, certkit):
    """Certificates of P-256 for many requests from one CA of P-256."""
    requests, out = os.path.join(folder, "requests"), os.path.join(folder, "out")
    ca = os.path.join(folder, "ca")
    prepare = f"""
        set -e
        rm -rf {requests} {out} && mkdir {requests} {out}
        {shlex.quote(str(certkit))} generate ca --name Root --key-type ec:p256 --no-password --force \
            --cert-out {ca}.pem --key-out {ca}.key
        openssl ecparam -name prime256v1 -genkey -noout -out {ca}-leaf.key
        openssl req -new -key {ca}-leaf.key -subj /CN=plc -addext subjectAltName=DNS:plc.plant.test -out {requests}/1.csr
        for at in $(seq 2 {MANY}); do cp {requests}/1.csr {requests}/$at.csr; done
    """
    done = subprocess.run(["sh", "-c", prepare], capture_output=True, check=False)
    if done.returncode != 0:
        raise rounds.NotMeasured(f"the requests could not be made: {done.stderr.decode(errors='replace')}")
    # Into a new folder in every round: file systems are slow to give out again what was freed a moment ago.
    says = "SIGNED"
    return {
        "certkit sign": in_shell(
            f"{shlex.quote(str(certkit))} sign {requests} --kind https --issuer {ca}.pem"
            f" --issuer-key {ca}.key -o {out}/ours-$$ 2>/dev/null",
            says,
        ),
        "openssl x509 -req": in_shell(
            f"mkdir -p {out}/theirs-$$ && for at in $(seq {MANY}); do"
            f" openssl x509 -req -in {requests}/$at.csr -CA {ca}.pem -CAkey {ca}.key -set_serial $at -days 90"
            f" -copy_extensions copy -out {out}/theirs-$$/$at.pem 2>/dev/null || exit 1; done",
            says,
        ),
    }, says
