# shellcheck shell=bash
# The OPC UA stacks that certkit meets, asyncua and node-opcua, in the versions of scripts/opcua.d. Knows how to
# install them, from PyPI and npm; not what is started.

cache=${CERTKIT_OPCUA_CACHE:-$caches/opcua}

install_stacks() {
    need openssl openssl node nodejs npm npm
    venv "$cache" "$scripts/opcua.d/requirements.txt"
    once "$cache" "$scripts/opcua.d/package.json" fill_node_modules
}

fill_node_modules() {
    rm -rf "$cache/node_modules"
    cp "$scripts/opcua.d/package.json" "$cache/package.json"
    npm install --prefix "$cache" --no-audit --no-fund --no-package-lock
}
