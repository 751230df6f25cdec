// Servers made of node-opcua, on loopback.
//
// usage: node_servers.js FOLDER NAME=PORT...
//
// FOLDER/NAME/own.pem and own.key are used where they are there; otherwise node-opcua makes itself a
// certificate. What each NAME offers stands in PARTS.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
// This file lies with the project, the packages with the cache.
const { createRequire } = require("node:module");
const need = createRequire(path.join(process.env.CERTKIT_NODE_MODULES, "index.js"));
const { OPCUAServer } = need("node-opcua-server");
const { OPCUACertificateManager } = need("node-opcua-certificate-manager");
const { MessageSecurityMode, SecurityPolicy } = need("node-opcua-secure-channel");

const ALL = [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt];
const SECURE = [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt];
const CURRENT = [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss];
const DEPRECATED = [SecurityPolicy.Basic128Rsa15, SecurityPolicy.Basic256];

const PARTS = {
    "node-opcua": { securityModes: ALL, securityPolicies: [SecurityPolicy.None, ...CURRENT] },
    "node-opcua-chain": { securityModes: SECURE, securityPolicies: CURRENT },
    "node-opcua-deprecated": {
        securityModes: ALL,
        securityPolicies: [SecurityPolicy.None, ...DEPRECATED, SecurityPolicy.Basic256Sha256],
    },
    "node-opcua-no-discovery": { securityModes: SECURE, securityPolicies: CURRENT, disableDiscovery: true },
};

async function start(folder, name, port) {
    const rootFolder = path.join(folder, name, "pki");
    const own = { certificateFile: path.join(folder, name, "own.pem"), privateKeyFile: path.join(folder, name, "own.key") };
    const serverCertificateManager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: false });
    await serverCertificateManager.initialize();
    const server = new OPCUAServer({
        ...PARTS[name],
        ...(fs.existsSync(own.certificateFile) ? own : {}),
        port,
        host: "127.0.0.1",
        hostname: "localhost",
        resourcePath: "/plant",
        serverCertificateManager,
        userCertificateManager: serverCertificateManager,
        serverInfo: {
            applicationUri: `urn:localhost:plant:${name}`,
            productUri: "urn:plant",
            applicationName: { text: `Plant ${name}` },
        },
    });
    await server.start();
    return server;
}

async function main() {
    const [folder, ...parts] = process.argv.slice(2);
    for (const part of parts) {
        const [name, port] = part.split("=");
        await start(folder, name, Number(port));
    }
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
