#!/bin/sh
# Makes the certificates of the tests in this folder anew. Needs openssl; they are good for a hundred years.
set -eu
cd "$(dirname "$0")"
key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1.key.pem"; }
key ca
openssl req -x509 -new -key ca.key.pem -days 36500 -subj "/CN=registry tests" -out ca.pem \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"
for name in registry.test orders.test; do
    key "$name"
    openssl req -new -key "$name.key.pem" -subj "/CN=$name" -out request.pem
    printf 'subjectAltName=DNS:%s,DNS:localhost\nbasicConstraints=CA:FALSE\n' "$name" > extensions.txt
    openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key.pem -set_serial "$(date +%s%N)" -days 36500 \
        -extfile extensions.txt -out "$name.pem" 2>/dev/null
done
rm -f request.pem extensions.txt ca.key.pem
