# Delivers a file and tells what became of it. Python 3.9 or newer; signs with the package `cryptography`
# where it is installed, else with the openssl command:
#   python3 deliver.py https://credit.example.gov.cn oa-system key-1 client.key permit-organisation permits.csv batch-2026-001
import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

base, client, key, key_file, item, file, batch = sys.argv[1:8]


def sign(message: bytes) -> bytes:
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "message")
            with open(path, "wb") as written:
                written.write(message)
            command = ["openssl", "pkeyutl", "-sign", "-inkey", key_file, "-rawin", "-in", path]
            return subprocess.run(command, check=True, capture_output=True).stdout
    with open(key_file, "rb") as pem:
        return load_pem_private_key(pem.read(), None).sign(message)


def call(method, path, query="", body=None, headers=None):
    digest = hashlib.sha256(body or b"").digest()
    now = str(int(time.time()))
    nonce = secrets.token_urlsafe(18)
    pairs = "&".join(sorted(filter(None, query.split("&"))))
    lines = ["xinheng-request-v1", method, path, pairs, digest.hex(), client, key, now, nonce]
    signature = base64.urlsafe_b64encode(sign("\n".join(lines).encode())).rstrip(b"=").decode()
    request = urllib.request.Request(
        base + path + ("?" + query if query else ""),
        data=body,
        method=method,
        headers={
            **(headers or {}),
            "Authorization": f'Xinheng client="{client}", key="{key}", time="{now}", nonce="{nonce}", signature="{signature}"',
            **({"Content-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:"} if body is not None else {}),
        },
    )
    try:
        with urllib.request.urlopen(request) as response:
            return response.read().decode()
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code} {error.read().decode()}")


with open(file, "rb") as opened:
    content = opened.read()
name = urllib.parse.quote(os.path.basename(file))
delivery = json.loads(
    call(
        "POST",
        "/api/v1/deliveries",
        f"item={item}&fileName={name}",
        content,
        {"Content-Type": "application/octet-stream", "Idempotency-Key": batch},
    )
)
number = delivery["delivery"]
while delivery["state"] not in ("done", "refused"):
    time.sleep(0.5)
    delivery = json.loads(call("GET", f"/api/v1/deliveries/{number}"))
print(
    f"{number} {delivery['state']} received {delivery['received']}"
    f" loaded {delivery['loaded']} rejected {delivery['rejected']}"
)
if delivery["rejected"] > 0:
    print(call("GET", f"/api/v1/deliveries/{number}/rejected-rows", "format=ndjson"))
