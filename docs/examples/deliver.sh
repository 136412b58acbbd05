#!/bin/sh
# Delivers a file and tells what became of it, with curl and openssl (3.0 or newer):
#   sh deliver.sh https://credit.example.gov.cn oa-system key-1 client.key permit-organisation permits.csv batch-2026-001
set -eu
base=$1 client=$2 key=$3 keyfile=$4 item=$5 file=$6 batch=$7
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call METHOD PATH QUERY [FILE]: the query's pairs have to stand in the order of their bytes.
call() {
  method=$1 path=$2 query=$3 body=${4:-/dev/null}
  time=$(date +%s)
  nonce=$(openssl rand -base64 18 | tr '+/' '-_')
  hex=$(openssl dgst -sha256 -r "$body" | cut -c1-64)
  digest=$(openssl dgst -sha256 -binary "$body" | openssl base64 -A)
  printf 'xinheng-request-v1\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s' \
    "$method" "$path" "$query" "$hex" "$client" "$key" "$time" "$nonce" > "$folder/message"
  signature=$(openssl pkeyutl -sign -inkey "$keyfile" -rawin -in "$folder/message" | openssl base64 -A | tr '+/' '-_' | tr -d '=')
  set -- --silent --show-error --fail-with-body --request "$method" \
    --header "Authorization: Xinheng client=\"$client\", key=\"$key\", time=\"$time\", nonce=\"$nonce\", signature=\"$signature\""
  if [ "$body" != /dev/null ]; then
    set -- "$@" --header "Content-Digest: sha-256=:$digest:" --header "Idempotency-Key: $batch" \
      --header 'Content-Type: application/octet-stream' --data-binary "@$body"
  fi
  curl "$@" "$base$path${query:+?$query}"
}

# The first value of a name in the answer.
first() { grep -o "\"$1\":\"\{0,1\}[A-Za-z0-9]*" | head -n 1 | sed 's/.*[":]//'; }

answer=$(call POST /api/v1/deliveries "item=$item" "$file")
delivery=$(printf '%s' "$answer" | first delivery)
state=$(printf '%s' "$answer" | first state)
while [ "$state" != "done" ] && [ "$state" != "refused" ]; do
  sleep 1
  answer=$(call GET "/api/v1/deliveries/$delivery" '')
  state=$(printf '%s' "$answer" | first state)
done
rejected=$(printf '%s' "$answer" | first rejected)
echo "$delivery $state received $(printf '%s' "$answer" | first received) loaded $(printf '%s' "$answer" | first loaded) rejected $rejected"
if [ "$rejected" != 0 ]; then
  call GET "/api/v1/deliveries/$delivery/rejected-rows" 'format=ndjson'
fi
