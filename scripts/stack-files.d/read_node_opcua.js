// What node-opcua reads of each variant.
//
// usage: read_node_opcua.js FOLDER    prints a line for each: `read`, `first` of two, or `passed over`
"use strict";

const fs = require("node:fs");
const path = require("node:path");
// This file lies with the project, the packages with the cache.
const { createRequire } = require("node:module");
const need = createRequire(path.join(process.env.CERTKIT_NODE_MODULES, "index.js"));
const { CertificateManager } = need("node-opcua-pki");

async function said(place, variant) {
    const location = path.join(place, "pki");
    const manager = new CertificateManager({ location, keySize: 2048, disableFileWatchers: true });
    for (const folder of ["trusted/certs", "trusted/crl", "issuers/certs", "issuers/crl", "own/certs", "own/private", "rejected"]) {
        fs.mkdirSync(path.join(location, folder), { recursive: true });
    }
    // One key for all: making them takes its time.
    fs.copyFileSync(process.env.CERTKIT_KEY, path.join(location, "own/private/private_key.pem"));
    fs.cpSync(path.join(place, "certs"), path.join(location, "trusted/certs"), { recursive: true });
    fs.cpSync(path.join(place, "crl"), path.join(location, "trusted/crl"), { recursive: true });
    if (variant.holds === "list") {
        fs.writeFileSync(path.join(location, "trusted/certs/authority.der"), Buffer.from(variant.authority, "hex"));
    }
    await manager.initialize();
    try {
        if (variant.holds === "list") {
            const [revoked, authority] = [variant.revoked, variant.authority].map((der) => Buffer.from(der, "hex"));
            const status = await manager.isCertificateRevoked(revoked, authority);
            return status === "BadCertificateRevoked" ? "read" : "passed over";
        }
        const [first, second] = await Promise.all(
            ["der", "second"].map(async (which) => {
                const trusted = await manager.isCertificateTrusted(Buffer.from(variant[which], "hex"));
                return trusted === "Good";
            }),
        );
        if (first && variant.form.endsWith("-two")) return second ? "read" : "first";
        return first ? "read" : "passed over";
    } finally {
        await manager.dispose();
    }
}

async function main() {
    // What node-opcua waits for does not keep the process alive.
    setInterval(() => {}, 1000);
    const root = process.argv[2];
    const variants = JSON.parse(fs.readFileSync(path.join(root, "variants.json"), "utf8"));
    for (const [number, variant] of variants.entries()) {
        console.log(await said(path.join(root, String(number)), variant));
    }
    process.exit(0);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
