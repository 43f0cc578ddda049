"""A private network in which the vendors' names lead to a bongsu behind TLS. Needs root, for `unshare`."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BONGSU = os.environ["BONGSU"]


def outside(script, hosts):
    """Calls the script again, with `inside` and a folder, in a network and mounts of its own."""
    if os.geteuid() != 0:
        sys.exit(f"{Path(script).stem}: this test needs root: unshare -m -n makes the network and the hosts file in which it runs")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["unshare", "-m", "-n", sys.executable, script, "inside", scratch], check=True, timeout=150)
    # Nothing of it is left outside.
    assert not any(host in Path("/etc/hosts").read_text() for host in hosts)


@contextlib.contextmanager
def served(scratch, hosts, end_within):
    """A server under these names on port 443: its plain address and its folder of certificates. It has to end in good order."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    names = scratch / "hosts"
    names.write_text(Path("/etc/hosts").read_text() + f"127.0.0.1 {' '.join(hosts)}\n")
    subprocess.run(["mount", "--bind", names, "/etc/hosts"], check=True)
    tls = scratch / "tls"
    server = subprocess.Popen([BONGSU, "serve", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:443", "--tls-dir", tls],
                              stdout=subprocess.PIPE, text=True)
    try:
        plain = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", server.stdout.readline())[1]
        told = server.stdout.readline()
        assert told == f"listening on https://127.0.0.1:443, certificate authority {tls}/ca.pem\n", told
        yield plain, tls
    finally:
        server.terminate()
        ended = server.wait(timeout=end_within)
    assert ended == 0, f"the server ended with {ended}"
