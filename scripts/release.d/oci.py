"""An image for containers, from nothing but the static program: no shell, no libraries, not root.

One archive (OCI image layout) has two images of the same program: VERSION, and VERSION-roots with the roots that Mozilla
trusts in /etc/ssl/certs, for those who reach servers of the public web.
"""

import json

import build
import papers
from context import gz, put, run, sha256, tar

USER = "65532:65532"


def layers(release):
    """The layers, as uncompressed tars: the program, and the roots."""
    program = release.once(build.static)
    base = release.folder("image")
    put(base, "usr/bin/certkit", program.read_bytes(), 0o755)
    put(base, "etc/passwd", "certkit:x:65532:65532::/:/sbin/nologin\n")
    put(base, "etc/group", "certkit:x:65532:\n")
    put(base, "usr/share/doc/certkit/third-party.txt", release.once(papers.third_party))
    (base / "tmp").mkdir()
    (base / "tmp").chmod(0o1777)
    roots = release.folder("image-roots")
    pem = run(program, "trust", "export", "mozilla")
    put(roots, "etc/ssl/certs/ca-certificates.crt", pem)
    return tar(base, release.epoch), tar(roots, release.epoch)


def image(release):
    program, roots = release.once(layers)
    created = release.date("%Y-%m-%dT%H:%M:%SZ")
    blobs, images = {}, []

    def blob(content, kind):
        blobs[sha256(content)] = content
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{sha256(content)}", "size": len(content)}

    def document(value, kind):
        return blob(json.dumps(value, sort_keys=True).encode(), kind)

    labels = {
        "org.opencontainers.image.title": "certkit",
        "org.opencontainers.image.version": release.version,
        "org.opencontainers.image.revision": release.commit,
        "org.opencontainers.image.licenses": release.license,
        "org.opencontainers.image.description": "Certificates and trust stores in industrial IT",
    }
    for tag, parts in ((release.version, [program]), (f"{release.version}-roots", [program, roots])):
        config = {
            "created": created,
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "User": USER,
                "Entrypoint": ["/usr/bin/certkit"],
                "Cmd": ["--help"],
                "Env": ["PATH=/usr/bin"],
                "WorkingDir": "/",
                "Labels": labels,
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(part)}" for part in parts]},
            "history": [{"created": created, "created_by": "scripts/release"} for _ in parts],
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": document(config, "config.v1+json"),
            "layers": [blob(gz(part), "layer.v1.tar+gzip") for part in parts],
        }
        platform = {"architecture": "amd64", "os": "linux"}
        name = {"org.opencontainers.image.ref.name": tag}
        images.append(document(manifest, "manifest.v1+json") | {"platform": platform, "annotations": name})

    folder = release.folder("oci")
    put(folder, "oci-layout", json.dumps({"imageLayoutVersion": "1.0.0"}))
    put(folder, "index.json", json.dumps({"schemaVersion": 2, "manifests": images}))
    for name, content in blobs.items():
        put(folder, f"blobs/sha256/{name}", content)
    return put(release.dist, f"certkit-{release.version}-oci.tar", tar(folder, release.epoch))
