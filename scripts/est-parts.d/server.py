"""server.py PORT FOLDER: an EST server (RFC 7030) on loopback, whose cryptography is OpenSSL's.

FOLDER has server.pem and server.key, root.pem, issuing.pem and issuing.key. Who asks logs in as twx, or shows a certificate
of the CA. Every request is verified by `openssl req`, signed by `openssl x509`, and put into a certs-only message by
`openssl crl2pkcs7`, which `openssl cms` has to read.
"""

import base64
import http.server
import pathlib
import ssl
import subprocess
import sys
import tempfile

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
LOG_IN = "Basic " + base64.b64encode(b"twx:first-Secret-417").decode()


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    """What OpenSSL makes of some bytes."""
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True, cwd=folder)
    return done.stdout


def message(*certificates: str) -> bytes:
    """A certs-only message of these files, in base64."""
    files = [word for file in certificates for word in ("-certfile", file)]
    der = openssl("crl2pkcs7", "-nocrl", "-outform", "DER", *files)
    openssl("cms", "-cmsout", "-print", "-inform", "DER", given=der)
    return base64.encodebytes(der)


def issued(request: bytes) -> bytes:
    """The certificate for a request in base64, as a message."""
    der = base64.b64decode(request, validate=True)
    openssl("req", "-inform", "DER", "-verify", "-noout", given=der)
    with tempfile.TemporaryDirectory() as place:
        made = pathlib.Path(place, "made.pem")
        made.write_bytes(
            openssl(
                "x509", "-req", "-inform", "DER", "-CA", "issuing.pem", "-CAkey", "issuing.key", "-days", "90",
                "-copy_extensions", "copyall", "-extfile", str(pathlib.Path(__file__).with_name("issue.cnf")),
                given=der,
            )
        )
        return message(str(made))


class Est(http.server.BaseHTTPRequestHandler):
    """Answers the questions of the standard."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path == "/.well-known/est/cacerts":
            self.answer(200, message("issuing.pem", "root.pem"), Content_Type="application/pkcs7-mime; smime-type=certs-only")
        else:
            self.answer(404, b"")

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        is_known = self.headers.get("Authorization") == LOG_IN or self.connection.getpeercert() is not None
        if self.path not in ("/.well-known/est/simpleenroll", "/.well-known/est/simplereenroll"):
            self.answer(404, b"")
        elif not is_known:
            self.answer(401, b"who are you?", WWW_Authenticate='Basic realm="est"', Content_Type="text/plain")
        elif self.headers["Content-Type"] != "application/pkcs10":
            self.answer(415, b"")
        else:
            try:
                body = issued(request)
            except (ValueError, subprocess.CalledProcessError) as error:
                self.answer(400, str(error).encode(), Content_Type="text/plain")
                return
            self.answer(200, body, Content_Type="application/pkcs7-mime; smime-type=certs-only")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
context.load_verify_locations(folder / "root.pem")
context.load_verify_locations(folder / "issuing.pem")
context.verify_mode = ssl.CERT_OPTIONAL
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Est)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
