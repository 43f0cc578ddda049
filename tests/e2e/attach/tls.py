"""The attach modes as their users have them: the vendors' names in a network and mounts of their own, a generated authority,
Python's ssl and Node's fetch, and `node --import`. Hostile TLS clients are cut in 10 s. Needs root, for `unshare`.

Called again with `inside`, it is the part that runs in the private network."""

import os
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import private

BONGSU = os.environ["BONGSU"]
HOSTS = ["api.solapi.com", "api.coolsms.co.kr", "kakaotalk-bizmessage.api.nhncloudservice.com", "api-sms.cloud.toast.com",
         "sms.api.nhncloudservice.com", "mars.ibapi.kr", "sandbox-mars.ibapi.kr"]
WITHIN_S = 10
FETCH = "const a = await fetch('https://{host}/healthz'); console.log(a.status, await a.text());"


def inside(scratch):
    with private.served(scratch, HOSTS, end_within=60) as (plain, tls):
        authority(tls)
        python(tls)
        node(tls, plain, scratch)
        requests(tls)
        hostile(tls)
        python(tls)
    a_token_is_asked_for_here_too(tls, scratch)


def authority(tls):
    assert stat.S_IMODE((tls / "ca.key").stat().st_mode) == 0o600
    assert "PRIVATE" not in (tls / "ca.pem").read_text()


def python(tls):
    """A fresh interpreter with SSL_CERT_FILE, as a program would be started; without it the line is refused."""
    code = "import sys, urllib.request; print(urllib.request.urlopen(f'https://{sys.argv[1]}/healthz', timeout=20).read().decode())"
    trusting = {**os.environ, "SSL_CERT_FILE": str(tls / "ca.pem")}
    for host in HOSTS:
        answer = subprocess.run([sys.executable, "-c", code, host], env=trusting, stdout=subprocess.PIPE, text=True, check=True)
        assert answer.stdout == "ok\n\n", answer.stdout
    refused = subprocess.run([sys.executable, "-c", code, HOSTS[0]], stderr=subprocess.PIPE, text=True, check=False)
    assert "CERTIFICATE_VERIFY_FAILED" in refused.stderr, refused.stderr
    print(f"attach: Python reached {len(HOSTS)} vendors' names over TLS, and refused without the authority")


def node(tls, plain, scratch):
    def run(host, *options, **variables):
        command = ["node", *options, "--input-type=module", "-e", FETCH.format(host=host)]
        return subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, timeout=30)
    for host in HOSTS:
        answer = run(host, NODE_EXTRA_CA_CERTS=str(tls / "ca.pem"))
        assert answer.stdout == "200 ok\n\n", answer
    refused = run(HOSTS[0])
    assert refused.returncode != 0 and "UNABLE_TO_VERIFY_LEAF_SIGNATURE" in refused.stderr, refused
    module = scratch / "bongsu-redirect.mjs"
    module.write_text(subprocess.run([BONGSU, "attach", "--module"], stdout=subprocess.PIPE, text=True, check=True).stdout)
    served = urllib.request.urlopen(plain + "/attach/redirect.mjs", timeout=10)
    assert served.read().decode() == module.read_text() and served.headers["content-type"].startswith("text/javascript")
    # No authority: the module leads to the plain address.
    answer = run(HOSTS[0], "--import", module, BONGSU_URL=plain)
    assert answer.stdout == "200 ok\n\n", answer
    code = f"""const post = (body) => fetch(new Request("https://api.solapi.com/v1/wait", {{ method: "POST", body,
        headers: {{ "content-type": "application/json" }} }}));
        console.log((await (await post('{{"event":"shown"}}')).json()).type, (await (await post("{{")).json()).type);
        try {{ await fetch("https://elsewhere.example/"); }} catch {{ console.log("elsewhere"); }}"""
    answer = subprocess.run(["node", "--import", module, "--input-type=module", "-e", code], stdout=subprocess.PIPE, text=True,
                            env={**os.environ, "BONGSU_URL": plain}, check=True, timeout=30)
    assert answer.stdout == "/problems/no-run /problems/invalid-json\nelsewhere\n", answer.stdout
    print("attach: Node reached them over TLS and, with --import, over the plain address")


def requests(tls):
    """Many requests on one line, a body of a megabyte, one that is too large, and a foreign name."""
    context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    with socket.create_connection(("api.solapi.com", 443), timeout=20) as line:
        with context.wrap_socket(line, server_hostname="api.solapi.com") as client:
            # The last is answered by what it announces, before any of it is there.
            for size, sent, status in [(10, 10, b"400"), (1 << 19, 1 << 19, b"400"), (10, 10, b"400"), (2 << 20, 0, b"413")]:
                head = f"POST /v1/runs HTTP/1.1\r\nhost: api.solapi.com\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n"
                client.sendall(head.encode() + b"{" * sent)
                answer = client.recv(65536)
                assert answer.startswith(b"HTTP/1.1 " + status), (size, answer[:200])
    with socket.create_connection(("127.0.0.1", 443), timeout=20) as line:
        with context.wrap_socket(line, server_hostname="localhost") as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nhost: bank.example\r\n\r\n")
            assert b"/problems/host-not-allowed" in client.recv(65536)
    print("attach: limits behind TLS are those of the plain address")


def hostile(tls):
    """Clients that say nothing, half a hello, plain HTTP, or nothing more after the handshake; 200 of them at once."""
    context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    sayings = [b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"\x00" * 4096]
    lines = []
    for number in range(200):
        line = socket.create_connection(("127.0.0.1", 443), timeout=WITHIN_S + 5)
        line.sendall(sayings[number % len(sayings)])
        lines.append(line)
    silent = context.wrap_socket(socket.create_connection(("127.0.0.1", 443), timeout=WITHIN_S + 5), server_hostname="localhost")
    begun = time.monotonic()
    for line in lines:
        try:
            while line.recv(4096):
                pass
        except ConnectionResetError:
            pass
        line.close()
    assert silent.recv(4096) == b"", "it is closed in good order"
    took = time.monotonic() - begun
    assert took < WITHIN_S + 3, f"{took:.1f} s"
    print(f"attach: 201 hostile clients were gone after {took:.1f} s")


def a_token_is_asked_for_here_too(tls, scratch):
    refused = subprocess.run([BONGSU, "serve", "--lang", "en", "--listen", "127.0.0.1:0", "--tls-listen", "0.0.0.0:443", "--tls-dir", tls],
                             stderr=subprocess.PIPE, text=True, check=False, timeout=30)
    assert refused.returncode == 3 and "beyond loopback, needs a token" in refused.stderr, refused
    (tls / "ca.key").chmod(0o640)
    refused = subprocess.run([BONGSU, "serve", "--lang", "en", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:443", "--tls-dir", tls],
                             stderr=subprocess.PIPE, text=True, check=False, timeout=30)
    assert refused.returncode == 4 and "chmod 600" in refused.stderr, refused
    print("attach: beyond loopback a token is asked for, and a key that others can read is refused")


if sys.argv[1:2] == ["inside"]:
    inside(Path(sys.argv[2]))
else:
    private.outside(__file__, HOSTS)
