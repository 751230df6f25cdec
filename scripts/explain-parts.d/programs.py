"""The programs: how each is started against a server or as one, and what it said."""

import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "common"))
from ports import free_port

LIMIT = 40


def said(*words, give="", timeout=LIMIT, more=None):
    """Runs a program to its end; its words and whether it succeeded."""
    environment = {**os.environ, "LC_ALL": "C", **(more or {})}
    try:
        done = subprocess.run(
            [str(word) for word in words], input=give, capture_output=True, text=True, errors="replace", timeout=timeout, env=environment
        )
    except subprocess.TimeoutExpired as end:
        text = (end.stdout or b"") + (end.stderr or b"")
        return text.decode(errors="replace") + "\n(no end)", False
    return done.stdout + done.stderr, done.returncode == 0


@contextmanager
def running(words, port, log, more=None, ready=None):
    """A server that was started and listens; where its log says so in words, nobody has to knock."""
    with open(log, "w", encoding="utf-8") as out:
        server = subprocess.Popen(
            [str(word) for word in words], stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C", **(more or {})},
        )
    try:
        for _ in range(300):
            if server.poll() is not None or (ready and ready in open(log, encoding="utf-8", errors="replace").read()):
                break
            if ready:
                time.sleep(0.05)
                continue
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


class Server:
    """A TLS server of Python's: answers HTTP, keeps what went wrong."""

    def __init__(self, certificate, key, *, ca=None, lowest=None, highest=None, plain=False):
        self.errors = []
        self.context = None
        if not plain:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
            self.context.load_cert_chain(certificate, key)
            if lowest:
                self.context.minimum_version = lowest
            if highest:
                self.context.maximum_version = highest
            if ca:
                self.context.verify_mode = ssl.CERT_REQUIRED
                self.context.load_verify_locations(ca)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, peer = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection, peer), daemon=True).start()

    def answer(self, connection, peer):
        connection.settimeout(10)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
            if self.context:
                # The end is told, as a server should.
                connection.unwrap()
        except (OSError, ValueError) as error:
            self.errors.append(f"{type(error).__module__}.{type(error).__name__}: {error}")
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Nobody waits at the number of this socket when the next one gets it.
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(10)
        self.socket.close()


PYTHON = """
import http.client, ssl, sys
host, port, ca, crl, cert, key = sys.argv[1:7]
context = ssl.create_default_context(cafile=ca)
if crl:
    context.load_verify_locations(crl)
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
if cert:
    context.load_cert_chain(cert, key)
connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=10)
connection.request("GET", "/")
print(connection.getresponse().status)
"""

NODE = """
const [host, port, ca, crl, cert, key] = process.argv.slice(2);
const fs = require('fs');
const read = file => file ? fs.readFileSync(file) : undefined;
const options = { host, port, ca: read(ca), crl: read(crl), cert: read(cert), key: read(key), timeout: 10000 };
require('https').get(options, answer => { console.log(answer.statusCode); answer.resume(); });
"""

JAVA = """
import java.io.FileInputStream;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.*;

public class Client {
    public static void main(String[] words) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (FileInputStream file = new FileInputStream(words[2])) {
            int number = 0;
            for (var one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("ca" + number++, one);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpsURLConnection connection = (HttpsURLConnection) URI.create("https://" + words[0] + ":" + words[1] + "/").toURL().openConnection();
        connection.setSSLSocketFactory(context.getSocketFactory());
        connection.setConnectTimeout(10000);
        connection.setReadTimeout(10000);
        System.out.println(connection.getResponseCode());
    }
}
"""


class Clients:
    """Each connects to localhost and asks for a page: (port, CA, list, certificate, key) -> (words, whether it went well)."""

    def __init__(self, folder):
        self.folder = folder
        for name, text in (("client.py", PYTHON), ("client.js", NODE), ("Client.java", JAVA)):
            (folder / name).write_text(text)

    def openssl(self, port, ca, crl="", cert="", key=""):
        more = ["-CRL", crl, "-crl_check"] if crl else []
        more += ["-cert", cert, "-key", key] if cert else []
        return said(
            "openssl", "s_client", "-connect", f"localhost:{port}", "-servername", "localhost", "-verify_hostname", "localhost",
            "-verify_return_error", "-CAfile", ca, "-ign_eof", *more, give="GET / HTTP/1.0\r\n\r\n",
        )

    def curl(self, port, ca, crl="", cert="", key=""):
        more = ["--crlfile", crl] if crl else []
        more += ["--cert", cert, "--key", key] if cert else []
        return said("curl", "-sS", "-m", "15", "--cacert", ca, *more, f"https://localhost:{port}/")

    def python(self, port, ca, crl="", cert="", key=""):
        return said(sys.executable, self.folder / "client.py", "localhost", port, ca, crl, cert, key)

    def node(self, port, ca, crl="", cert="", key=""):
        return said("node", self.folder / "client.js", "localhost", port, ca, crl, cert, key)

    def gnutls(self, port, ca, crl="", cert="", key=""):
        more = ["--x509crlfile", crl] if crl else []
        more += ["--x509certfile", cert, "--x509keyfile", key] if cert else []
        return said("gnutls-cli", "--x509cafile", ca, *more, "-p", port, "localhost", give="GET / HTTP/1.0\r\n\r\n")

    def java(self, port, ca, crl="", cert="", key=""):
        more = ["-Xshare:auto", "-XX:TieredStopAtLevel=1"]
        return said("java", *more, self.folder / "Client.java", "localhost", port, ca)


def without_noise(text):
    """Leaves out what differs from run to run and says nothing."""
    return re.sub(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", "", text, flags=re.S)
