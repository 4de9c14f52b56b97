#!/bin/sh
# The story with curl: sign up, token, who is watching, home, search, title, playback, manifest, one segment, where it
# was stopped, and the home page that knows.
#
#   examples/first-calls.sh http://127.0.0.1:8080
#
# Needs curl and nothing else; ends with exit code 0 when every step worked.
set -eu

base=${1:-http://127.0.0.1:8080}
email="first-calls-$(date +%s)-$$@example.org"
password="correct horse battery staple"

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'first-calls: %s\n' "$*" >&2; exit 1; }

# call METHOD PATH [JSON]: prints the body; anything but 2xx ends the story with what the server said.
call() {
    answer=$(curl -sS -X "$1" "$base$2" \
        -H 'content-type: application/json' \
        ${token:+-H "authorization: Bearer $token"} \
        ${3:+--data "$3"} \
        -w '\n%{http_code}') || fail "$1 $base$2 did not answer: is it running?"
    status=$(printf '%s' "$answer" | tail -n 1)
    body=$(printf '%s' "$answer" | sed '$d')
    case $status in
        2??) printf '%s\n' "$body" ;;
        *) fail "$1 $2 answered $status: $body" ;;
    esac
}

# field NAME: the first string of that name in the JSON on stdin. Enough for this story; use jq for yours.
field() { grep -o "\"$1\": *\"[^\"]*\"" | head -n 1 | sed 's/^[^:]*: *"//; s/"$//'; }

# reference: the first line of a playlist that is no comment.
reference() { grep -v '^#' | grep -v '^[[:space:]]*$' | head -n 1 | tr -d '\r'; }

# beside URL REFERENCE: a playlist's reference as a path of this server.
beside() {
    case $2 in
        /*) printf '%s\n' "$2" ;;
        *) printf '%s/%s\n' "${1%/*}" "$2" ;;
    esac
}

token=
step "sign up as $email"
call POST /v1/accounts "{\"email\":\"$email\",\"password\":\"$password\"}"

step "sign in"
session=$(call POST /v1/sessions "{\"email\":\"$email\",\"password\":\"$password\",\"device_name\":\"curl\"}")
token=$(printf '%s' "$session" | field access_token)
[ -n "$token" ] || fail "no access token in $session"
echo "a token of ${#token} characters, good for ten minutes"

step "who is watching"
profiles=$(call GET /v1/profiles)
printf '%s\n' "$profiles" | cut -c 1-300
profile=$(printf '%s' "$profiles" | field id)
[ -n "$profile" ] || fail "no profile in $profiles"

step "a token of that profile (RFC 8693)"
token=$(curl -sS "$base/oauth/token" \
    --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
    --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:access_token \
    --data-urlencode "subject_token=$token" \
    --data-urlencode "resource=urn:bijou:profile:$profile" | field access_token)
[ -n "$token" ] || fail "the exchange gave no token"
echo "a token of ${#token} characters, for profile $profile"

step "home"
home=$(call GET /v1/home)
printf '%s' "$home" | cut -c 1-300

step "a title that can be played"
# A card is one object: it names its title before it says whether that is playable.
title=$(printf '%s' "$home" | tr '{' '\n' | grep -o '"title_id": *"[^"]*"\|"playable": *true' \
    | grep -B 1 '"playable"' | field title_id)
if [ -z "$title" ]; then
    title=$(call GET '/v1/titles?limit=100' | sed 's/{"id"/\n{"id"/g' | grep '"playable": *true' | field id)
fi
[ -n "$title" ] || fail "nothing can be played yet: $base/readyz says what is missing"
call GET "/v1/titles/$title" | cut -c 1-300

step "playback of $title"
playback=$(call POST /v1/playbacks "{\"title_id\":\"$title\"}")
printf '%s\n' "$playback"
master=$(printf '%s' "$playback" | field hls)
[ -n "$master" ] || fail "no HLS manifest in $playback"

step "manifest"
manifest=$(call GET "$master")
printf '%s\n' "$manifest"
variant=$(beside "$master" "$(printf '%s\n' "$manifest" | reference)")
media=$(call GET "$variant")
segment=$(beside "$variant" "$(printf '%s\n' "$media" | reference)")

# A segment is a range of a file: `#EXT-X-BYTERANGE:<length>@<start>`, or a file of its own where there is none.
range=$(printf '%s\n' "$media" | sed -n 's/^#EXT-X-BYTERANGE:\([0-9]*\)@\([0-9]*\).*/\1 \2/p' | head -n 1)
range=${range:+$(echo "$range" | awk '{ print $2 "-" $1 + $2 - 1 }')}

step "one segment: ${segment##*/} ${range:+bytes $range}"
# shellcheck disable=SC2086
answer=$(curl -sS -o /dev/null -w '%{http_code} %{size_download}' ${range:+-r $range} "$base$segment")
case $answer in
    200\ [1-9]* | 206\ [1-9]*) echo "status and bytes: $answer" ;;
    *) fail "the segment answered $answer" ;;
esac

step "stop half way"
id=$(printf '%s' "$playback" | field id)
length=$(printf '%s' "$playback" | grep -o '"duration_s": *[0-9]*' | head -n 1 | tr -dc '0-9')
half=$((length / 2))
call PUT "/v1/me/positions/$title" "{\"title_id\":\"$title\",\"session\":\"$id\",\"seq\":1,\"position_s\":$half,\
\"duration_s\":$length,\"at\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"state\":\"stopped\"}"
echo "at second $half of $length"

step "go on watching"
call GET /v1/me/continue | cut -c 1-300
call GET /v1/home | grep -o '"kind": *"continue"' | head -n 1 | grep . || fail "home has no row to go on watching"

step "search, with a typo"
word=$(call GET "/v1/titles/$title" | field name | tr '[:upper:]' '[:lower:]' | tr -cs 'a-z' '\n' \
    | awk '{ if (length($0) > length(longest)) longest = $0 } END { print longest }')
# The last letter but one is left out.
typo=$(printf '%s' "$word" | sed 's/.\(.\)$/\1/')
echo "$typo for $word"
found=$(call GET "/v1/search?q=$typo")
printf '%s' "$found" | cut -c 1-300
printf '%s' "$found" | grep -q "\"$title\"" || fail "searching $typo did not find $title"

printf '\nThe whole story worked.\n'
