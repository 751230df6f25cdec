"""Servers that mean harm: TLS, HTTP and opc.tcp on loopback, and addresses that certificates lure to."""

import socket
import ssl
import struct
import tempfile
import threading
import time

import der
from cases import add, case
from der import ca, certificate_pem, key, leaf
from sandbox import Failed


class Server:
    """Listens on loopback; each connection goes to a function of its own thread."""

    def __init__(self, box, serve):
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        box.on_close(self.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(peer,), daemon=True).start()

    def _one(self, peer):
        try:
            with peer:
                peer.settimeout(30)
                self._serve(peer)
        except OSError:
            pass


class TlsServer(Server):
    """Serves a chain, and answers a request if `answer` says how."""

    def __init__(self, box, chain, own, answer=None):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Hostile certificates are what this serves: OpenSSL is not to judge them.
        self._context.set_ciphers("ALL:@SECLEVEL=0")
        with tempfile.NamedTemporaryFile("w") as chain_file, tempfile.NamedTemporaryFile("w") as key_file:
            chain_file.write(certificate_pem(*chain))
            chain_file.flush()
            key_file.write(own.pem)
            key_file.flush()
            self._context.load_cert_chain(chain_file.name, key_file.name)
        self._answer = answer
        super().__init__(box, self._handshake)

    def _handshake(self, peer):
        with self._context.wrap_socket(peer, server_side=True) as stream:
            if stream.recv(4096) and self._answer:
                self._answer(stream)


def request_path(peer):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = peer.recv(4096)
        if not piece:
            break
        head += piece
    return head.split(b" ")[1].decode() if b" " in head else ""


def answer(peer, body, kind="application/pkix-cert", status="200 OK"):
    peer.sendall(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)


def drip(peer, head=b"", octet=b"\x16", every=0.2):
    peer.sendall(head)
    while True:
        peer.sendall(octet)
        time.sleep(every)


def flood(peer, head, piece):
    peer.sendall(head)
    while True:
        peer.sendall(piece)


def record(kind, body):
    return bytes([kind, 3, 3]) + struct.pack(">H", len(body)) + body


HELLO = b"\x02\x00\x00\x28" + b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00" + b"\x00\x00"


def endless_list(peer):
    """A Certificate message that claims 16 MiB and goes on with certificates of three octets."""
    peer.recv(4096)
    peer.sendall(record(22, HELLO))
    peer.sendall(record(22, b"\x0b\xff\xff\xff\xff\xff\xfc" + b"\x00\x00\x03abc" * 1000))
    while True:
        peer.sendall(record(22, b"\x00\x00\x03abc" * 2700))


def many_certificates(peer):
    peer.recv(4096)
    body = b"\x00\x00\x03abc" * 40_000
    message = b"\x0b" + struct.pack(">I", len(body) + 3)[1:] + struct.pack(">I", len(body))[1:] + body
    peer.sendall(record(22, HELLO))
    for start in range(0, len(message), 16000):
        peer.sendall(record(22, message[start:start + 16000]))
    peer.sendall(record(22, b"\x0e\x00\x00\x00"))


TLS = {
    "slow-loris": lambda peer: drip(peer, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"), "silence": lambda peer: time.sleep(20),
    "giant-record": lambda peer: flood(peer, b"\x16\x03\x03\xff\xff", bytes(65536)), "endless-list": endless_list, "many-certificates": many_certificates,
    "empty-records": lambda peer: flood(peer, record(22, HELLO), record(22, b"") * 1000), "warnings-without-end": lambda peer: flood(peer, b"", record(21, b"\x01\x70") * 1000),
    "hello-again": lambda peer: flood(peer, b"", record(22, HELLO) * 100), "noise": lambda peer: flood(peer, b"", b"\xff" * 4096),
    "long-banner": lambda peer: flood(peer, b"SSH-2.0-", b"A\x1b]0;owned\x07" * 400), "http-banner": lambda peer: flood(peer, b"HTTP/1.1 200 \x1b[31m\r\n", b"X: \x1b[31m\r\n" * 400),
}
for label, serve in TLS.items():
    for verb, words in {"fetch": ["fetch", "URL", "--timeout", "2s"], "check": ["check", "URL"], "expiry": ["expiry", "URL", "--timeout", "2s", "--retries", "0"]}.items():
        if verb == "fetch" or label in ("slow-loris", "endless-list", "long-banner"):
            def run(box, serve=serve, words=words):
                server = Server(box, serve)
                deadline = 10 if "--timeout" in words else 16
                box.certkit(*[f"tls://127.0.0.1:{server.port}" if word == "URL" else word for word in words], deadline=deadline).refuses().is_printable()

            add("servers", f"tls-{label}-{verb}", "A TLS server that means harm is given up in time and memory.", run)


def head(lines):
    return b"HTTP/1.1 200 OK\r\n" + lines


HTTP = {
    "endless-headers": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\n", b"X-Junk: " + b"a" * 200 + b"\r\n"), "endless-header": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\nX: ", b"a" * 4096),
    "endless-body": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65536), "endless-chunks": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1000),
    "giant-chunk": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff0\r\n", b"a" * 65536),
    "length-overflow": lambda stream: flood(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", b"a" * 65536), "slow-body": lambda stream: drip(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
    "slow-head": lambda stream: drip(stream, b"HTTP/1.1 200 OK\r\nX: ", b"a"), "continues": lambda stream: flood(stream, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "escapes": lambda stream: stream.sendall(b"HTTP/1.1 404 \x1b[31mNo\x9b\r\nServer: \x1b]0;owned\x07\xe2\x80\xae\r\nLocation: \x1b[2J\r\nContent-Length: 0\r\n\r\n"),
}


def names_of(*addresses, method="1.3.6.1.5.5.7.48.2"):
    return der.extension("1.3.6.1.5.5.7.1.1", der.seq(*[der.seq(der.oid(method), der.general(6, address)) for address in addresses]))


def honest_leaf(*extensions):
    return leaf("plc", key("leaf"), "Plant Root", key("root"), names=[der.general(2, "plant.test"), der.general(7, b"\x7f\0\0\1")], extensions=extensions)


for label, serve in HTTP.items():
    def run(box, serve=serve):
        server = TlsServer(box, [honest_leaf()], key("leaf"), serve)
        box.certkit("fetch", f"thingworx://127.0.0.1:{server.port}", "--timeout", "2s").is_printable()

    add("servers", f"https-{label}", "An HTTP answer that means harm does not hold the capture up.", run)

    def run_download(box, serve=serve):
        def http(peer):
            request_path(peer)
            serve(peer)

        web = Server(box, http)
        server = TlsServer(box, [honest_leaf(names_of(f"http://127.0.0.1:{web.port}/ca.cer"))], key("leaf"))
        box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "2s").is_printable()

    add("servers", f"download-{label}", "A download that means harm is given up in time and memory.", run_download)


@case("servers")
def redirect_loop(box):
    """Redirects in a circle end."""
    def http(peer):
        path = request_path(peer)
        peer.sendall(f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    web = Server(box, http)
    server = TlsServer(box, [honest_leaf(names_of(f"http://127.0.0.1:{web.port}/ca.cer"))], key("leaf"))
    box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "2s")
    if web.connections > 20:
        raise Failed(f"{web.connections} redirects were followed")


@case("servers")
def many_addresses(box):
    """A certificate with a thousand addresses is no reason for a thousand requests."""
    def http(peer):
        request_path(peer)
        answer(peer, b"nothing", status="404 Not Found")

    web = Server(box, http)
    addresses = [f"http://127.0.0.1:{web.port}/{number}" for number in range(1000)]
    server = TlsServer(box, [honest_leaf(names_of(*addresses))], key("leaf"))
    box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "2s")
    if web.connections > 50:
        raise Failed(f"{web.connections} requests were made")


@case("servers")
def chain_without_end(box):
    """Issuers that always name a further issuer end."""
    def http(peer):
        number = int(request_path(peer).strip("/") or 0)
        answer(peer, ca(f"CA {number}", key("root"), f"CA {number + 1}", key("root"), [names_of(f"http://127.0.0.1:{port[0]}/{number + 1}")]))

    port = [0]
    web = Server(box, http)
    port[0] = web.port
    made = leaf("plc", key("leaf"), "CA 0", key("root"), extensions=[names_of(f"http://127.0.0.1:{web.port}/0")])
    server = TlsServer(box, [made], key("leaf"))
    box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "4s", "--part", "ca", "-o", "ca.pem").ends(2, 3)
    if box.path("ca.pem").exists():
        raise Failed("a CA was written that is not the top")
    if web.connections > 50:
        raise Failed(f"{web.connections} requests were made")


def downloaded(label, make):
    def run(box):
        body = make()

        def http(peer):
            request_path(peer)
            answer(peer, body)

        web = Server(box, http)
        server = TlsServer(box, [honest_leaf(names_of(f"http://127.0.0.1:{web.port}/ca.cer"))], key("leaf"))
        run = box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "3s")
        if run.out.count("BEGIN CERTIFICATE") > 1 and label != "der":
            raise Failed("what is no DER, PEM or PKCS#7 of certificates was taken from the network")

    return run


def expensive(label):
    import budgets
    return budgets.EXPENSIVE[label]()


def java_store():
    import budgets
    return budgets.java(budgets.JKS, budgets.trusted_entry("ca", ca("Plant Root", key("root"))))


def bag():
    import budgets
    certificate = der.seq(der.oid("1.2.840.113549.1.9.22.1"), der.explicit(0, der.octets(ca("Plant Root", key("root")))))
    inner = der.seq(der.seq(der.oid("1.2.840.113549.1.12.10.1.3"), der.explicit(0, certificate)))
    return budgets.store(der.seq(budgets.DATA, der.explicit(0, der.octets(inner))))


for label, make in {
    "pkcs12": bag, "java-store": java_store, "pbmac1": lambda: expensive("pbmac1-long-output"), "scrypt": lambda: expensive("scrypt-parallel"),
    "many-sealed": lambda: expensive("scrypt-in-every-block"), "jceks": lambda: expensive("jceks-empty-entries"), "zeros": lambda: bytes(8 << 20),
}.items():
    add("servers", f"issuer-as-{label}", "What comes from the network is read only as what it may be there, within the deadline.", downloaded(label, make))


@case("private-addresses")
def endpoint_on_loopback_may_name_loopback(box):
    """The yardstick: an issuer on the network of the endpoint itself is downloaded."""
    def http(peer):
        request_path(peer)
        answer(peer, ca("Plant Root", key("root")))

    web = Server(box, http)
    server = TlsServer(box, [honest_leaf(names_of(f"http://127.0.0.1:{web.port}/ca.cer"))], key("leaf"))
    box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "3s")
    if not web.connections:
        raise Failed("nothing was downloaded")


def lured(address, form):
    def run(box, allow=False):
        asked = []

        def http(peer):
            asked.append(request_path(peer))
            answer(peer, b"secret of the inside", status="404 Not Found")

        web = Server(box, http)
        url = address.replace("PORT", str(web.port))
        if form == "ocsp":
            extensions = [names_of(url, method="1.3.6.1.5.5.7.48.1")]
        else:
            extensions = [der.extension("2.5.29.31", der.seq(der.seq(der.explicit(0, der.explicit(0, der.general(6, url))))))]
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file("leaf.pem", certificate_pem(honest_leaf(*extensions)))
        words = ["--allow-private-downloads"] if allow else []
        box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--online", *words, deadline=15).hides("secret of the inside")
        if not allow and (asked or web.connections):
            raise Failed(f"{url} was asked")
        if allow and not asked:
            raise Failed(f"{url} was not asked, though --allow-private-downloads says so")

    return run


for label, address in {
    "loopback": "http://127.0.0.1:PORT/x", "localhost": "http://localhost:PORT/x", "other-loopback": "http://127.9.9.9:PORT/x", "mapped": "http://[::ffff:127.0.0.1]:PORT/x",
    "any": "http://0.0.0.0:PORT/x", "number": "http://2130706433:PORT/x", "hexadecimal": "http://0x7f000001:PORT/x", "short": "http://127.1:PORT/x", "octal": "http://0177.0.0.1:PORT/x",
    "compatible": "http://[::127.0.0.1]:PORT/x", "nat64": "http://[64:ff9b::7f00:1]:PORT/x", "user": "http://plant.test@127.0.0.1:PORT/x", "dot": "http://localhost.:PORT/x",
}.items():
    for form in ["crl", "ocsp"]:
        if form == "crl" or label in ("loopback", "mapped"):
            add("private-addresses", f"{label}-{form}", "Private addresses from a certificate are not asked for a file.", lured(address, form))
allowed = lured("http://127.0.0.1:PORT/x", "crl")
add("private-addresses", "allowed", "They are asked where --allow-private-downloads says so.", lambda box: allowed(box, True))


@case("private-addresses")
def foreign_networks_of_a_loopback_endpoint(box):
    """Of an endpoint on loopback, metadata and private addresses elsewhere are not asked, and that is told."""
    for address in ["http://169.254.169.254/latest", "http://10.255.255.1/ca", "http://[fd00::1]/ca", "http://[fe80::1]/ca"]:
        server = TlsServer(box, [honest_leaf(names_of(address))], key("leaf"))
        box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "3s").says("private", "not queried", "allow-private-downloads", "link-local", "not fetched")


@case("private-addresses")
def files_and_other_schemes(box):
    """file:, ftp: and ldap: addresses of a certificate are never opened."""
    box.file("secret.pem", certificate_pem(ca("Plant Root", key("root"))))
    addresses = [f"file://{box.path('secret.pem')}", "ftp://127.0.0.1/x", "ldap://127.0.0.1/x", "gopher://127.0.0.1:25/x"]
    server = TlsServer(box, [honest_leaf(names_of(*addresses))], key("leaf"))
    run = box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--timeout", "3s")
    if run.out.count("BEGIN CERTIFICATE") > 1:
        raise Failed("a file was read that a certificate names")


def message(kind, body, final=b"F"):
    return kind + final + struct.pack("<I", len(body) + 8) + body


ACK = message(b"ACK", struct.pack("<IIIII", 0, 65536, 65536, 0, 0))
OPC = {
    "silence": lambda peer: time.sleep(20), "drip": lambda peer: drip(peer, b"ACKF", b"\x00"), "giant-message": lambda peer: flood(peer, b"ACKF\xff\xff\xff\xff", bytes(65536)),
    "short-length": lambda peer: flood(peer, b"ACKF\x00\x00\x00\x00", bytes(4096)), "endless-chunks": lambda peer: flood(peer, ACK, message(b"OPN", bytes(100), b"C") * 100),
    "giant-error": lambda peer: peer.sendall(message(b"ERR", struct.pack("<Ii", 0x80010000, 0x7FFFFFFF))), "escaped-error": lambda peer: peer.sendall(
        message(b"ERR", struct.pack("<Ii", 0x80010000, 14) + b"\x1b]0;owned\x07\xe2\x80\xae")), "negative-length": lambda peer: peer.sendall(ACK + message(b"OPN", struct.pack("<Ii", 1, -2) + bytes(40))),
    "tiny-buffers": lambda peer: flood(peer, message(b"ACK", struct.pack("<IIIII", 0, 1, 1, 1, 1)), bytes(64)), "noise": lambda peer: flood(peer, b"", b"\xff" * 4096),
}
for label, serve in OPC.items():
    def run(box, serve=serve):
        server = Server(box, serve)
        box.certkit("fetch", f"opc.tcp://127.0.0.1:{server.port}", "--timeout", "2s").refuses().is_printable()

    add("servers", f"opcua-{label}", "An OPC UA server that means harm is given up in time and memory.", run)
