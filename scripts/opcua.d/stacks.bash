# The OPC UA stacks that certkit meets, asyncua and node-opcua, in the versions of this folder. Knows how to
# install them, from PyPI and npm; not what is started.

stacks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cache=${CERTKIT_OPCUA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/certkit/opcua}

# Installs into the cache, unless what lies there is of these very versions. Two runs may want to at once.
install_stacks() {
    local tool
    for tool in openssl python3 node npm flock; do
        command -v "$tool" >/dev/null || die "$tool is missing"
    done
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock 9
    if ! cmp -s "$stacks/requirements.txt" "$cache/requirements.txt"; then
        rm -rf "$cache/venv"
        { python3 -m venv "$cache/venv" && "$cache/venv/bin/pip" install -r "$stacks/requirements.txt"; } \
            >"$dir/logs/pip.log" 2>&1 || die "asyncua could not be installed: $(tail -n 3 "$dir/logs/pip.log")"
        cp "$stacks/requirements.txt" "$cache/requirements.txt"
    fi
    if ! cmp -s "$stacks/package.json" "$cache/installed.json"; then
        rm -rf "$cache/node_modules"
        cp "$stacks/package.json" "$cache/package.json"
        npm install --prefix "$cache" --no-audit --no-fund --no-package-lock >"$dir/logs/npm.log" 2>&1 \
            || die "node-opcua could not be installed: $(tail -n 3 "$dir/logs/npm.log")"
        cp "$stacks/package.json" "$cache/installed.json"
    fi
    exec 9>&-
}

# Prints as many ports as are wanted, free a moment ago.
free_ports() {
    python3 - "$1" <<'PYTHON'
import socket, sys
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(one.getsockname()[1] for one in taken))
PYTHON
}
