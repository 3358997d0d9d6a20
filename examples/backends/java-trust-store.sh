#!/bin/sh
# Makes a trust store for Java of a trust bundle as PEM: java-trust-store.sh trust.pem trust.p12
# keytool imports one certificate at a time. The password protects nothing, since certificates are public.
set -eu
pem=$1 store=$2
folder=$(mktemp -d "$store.XXXXXX")
trap 'rm -rf "$folder"' EXIT

awk -v folder="$folder" '/^-----BEGIN/ { count++ } count { print > (folder "/" count ".pem") }' "$pem"
for certificate in "$folder"/*.pem; do
  keytool -importcert -noprompt -file "$certificate" -alias "$(basename "$certificate" .pem)" \
    -keystore "$folder/store" -storetype PKCS12 -storepass changeit
done
mv "$folder/store" "$store"
