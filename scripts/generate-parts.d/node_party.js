// An OPC UA application made of node-opcua that lives off its PKI folder, as server or as client.
//
// usage: node_party.js server PKI PORT         until it is stopped
//        node_party.js client PKI URL POLICY   one session, SignAndEncrypt; exit status 1 where there is none
//
// PKI is laid out as node-opcua lays it out. The peer's certificate has to be trusted, and one that a CA
// issued needs the CA and its revocation list in issuers.
"use strict";

const path = require("node:path");
// This file lies with the project, the packages with the cache.
const { createRequire } = require("node:module");
const need = createRequire(path.join(process.env.CERTKIT_NODE_MODULES, "index.js"));
const { OPCUAServer } = need("node-opcua-server");
const { OPCUAClient } = need("node-opcua-client");
const { OPCUACertificateManager } = need("node-opcua-certificate-manager");
const { MessageSecurityMode, SecurityPolicy } = need("node-opcua-secure-channel");
const { exploreCertificate, readCertificate } = need("node-opcua-crypto");

const SECURE = [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss];

async function own(rootFolder, file) {
    const manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: false });
    await manager.initialize();
    const certificateFile = path.join(rootFolder, "own/certs", file);
    const names = exploreCertificate(readCertificate(certificateFile)).tbsCertificate.extensions.subjectAltName;
    const files = { certificateFile, privateKeyFile: path.join(rootFolder, "own/private/private_key.pem") };
    return { manager, files, applicationUri: names.uniformResourceIdentifier[0] };
}

async function serve(rootFolder, port) {
    const { manager, files, applicationUri } = await own(rootFolder, "certificate.pem");
    const server = new OPCUAServer({
        ...files,
        port: Number(port),
        host: "127.0.0.1",
        hostname: "localhost",
        resourcePath: "/plant",
        securityModes: [MessageSecurityMode.SignAndEncrypt],
        securityPolicies: SECURE,
        serverCertificateManager: manager,
        userCertificateManager: manager,
        serverInfo: { applicationUri, productUri: "urn:plant", applicationName: { text: "Plant" } },
    });
    await server.start();
}

async function connect(rootFolder, url, policy) {
    const { manager, files, applicationUri } = await own(rootFolder, "client_certificate.pem");
    const client = OPCUAClient.create({
        ...files,
        applicationName: "Plant client",
        applicationUri,
        clientCertificateManager: manager,
        securityMode: MessageSecurityMode.SignAndEncrypt,
        securityPolicy: SecurityPolicy[policy],
        endpointMustExist: false,
        connectionStrategy: { maxRetry: 0 },
        requestedSessionTimeout: 10000,
    });
    await client.withSessionAsync(url, async (session) => {
        const read = await session.read({ nodeId: "ns=0;i=2259" });
        if (!read.statusCode.isGood()) {
            throw new Error(read.statusCode.toString());
        }
    });
}

const [what, root, ...rest] = process.argv.slice(2);
const run = what === "server" ? serve(root, ...rest) : connect(root, ...rest).then(() => process.exit(0));
run.catch((error) => {
    console.error(error);
    process.exit(1);
});
