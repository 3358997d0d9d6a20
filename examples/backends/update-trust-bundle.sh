#!/bin/sh
# Keeps a file with a trust bundle up to date, for cron:
#
#   update-trust-bundle.sh URL FILE [COMMAND [ARGUMENT...]]
#
# If the bundle has changed, it replaces FILE and runs COMMAND, which has to reload what reads the file. If that fails, FILE is
# as before, and the next run tries again. While there is no whole, current bundle, the file that is there stays.
#
# CERTWAY_HEADERS is a file with a line such as "x-api-key: …" or "authorization: Bearer …", if the service has AUTH.
set -eu
url=$1 file=$2
shift 2

new=$(mktemp "$file.XXXXXX")
trap 'rm -f "$new" "$new.etag" "$new.headers"' EXIT
[ -f "$file" ] || rm -f "$file.etag"
[ -f "$file.etag" ] || : >"$file.etag"

status=$(curl -sS --max-time 60 --retry 2 ${CERTWAY_HEADERS:+-H "@$CERTWAY_HEADERS"} \
  --etag-compare "$file.etag" --etag-save "$new.etag" \
  -D "$new.headers" -o "$new" -w '%{http_code}' "$url")

case $status in
  200) ;;
  304) exit 0 ;;
  *)
    echo "$url: $status $(cat "$new")" >&2
    exit 1
    ;;
esac

# An answer with an age was given in the place of a current one: it may lack the newest certificate.
if [ -f "$file" ] && grep -qi '^age:' "$new.headers"; then
  echo "$url: AWS does not answer the service now; $file stays as it is" >&2
  exit 0
fi

chmod 644 "$new"
if [ -f "$file" ]; then cp -p "$file" "$file.previous"; else rm -f "$file.previous"; fi
mv "$new" "$file"
if [ $# -gt 0 ] && ! "$@"; then
  if [ -f "$file.previous" ]; then mv "$file.previous" "$file"; else rm "$file"; fi
  echo "$file: not replaced, because it could not be loaded: $*" >&2
  exit 1
fi
if [ -f "$new.etag" ]; then mv "$new.etag" "$file.etag"; else rm -f "$file.etag"; fi
