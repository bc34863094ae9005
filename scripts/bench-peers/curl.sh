# What a person writes with curl and jq: bench-peers/curl.sh [--proof] API MANIFEST IMAGES CAP HTTP [CA]
# Polls every job once, and fetches the image of each that is completed; with --proof also hashes, checks and records it.
set -eu
proof=
if [ "$1" = --proof ]; then
    proof=yes
    shift
fi
api=$1 manifest=$2 images=$3 cap=$4 http=$5 ca=${6:-}
replies=$images.replies
mkdir -p "$replies"
get() {
    set -- -sS --fail -Z --parallel-max "$cap" "--http$http" "$@"
    [ -z "$ca" ] || set -- --cacert "$ca" "$@"
    curl "$@" -K -
}
jq -r --arg api "$api" --arg replies "$replies" \
    '"url=\"\($api)/v1/jobs/\(.job_id)\"\noutput=\"\($replies)/\(.job_id).json\""' "$manifest" |
    get -H "Authorization: pictai_simulator"
find "$replies" -name '*.json' -exec cat {} + |
    jq -r --arg images "$images" \
        'select(.data.status == "completed") | "url=\"\(.data.url)\"\noutput=\"\($images)/\(.job_id).png\""' |
    get
if [ -n "$proof" ]; then
    find "$images" -name '*.png' -print0 | xargs -0 -n 500 -P 2 sha256sum >"$images.sums"
    find "$images" -name '*.png' -print0 | xargs -0 -n 500 -P 2 pngcheck -q
    jq -R -c 'capture("^(?<sha256>[0-9a-f]{64})  (?<path>.*/(?<job_id>[^/]+)[.]png)$") + {status: "downloaded"}' \
        "$images.sums" >"$images/results.jsonl"
    rm "$images.sums"
fi
rm -r "$replies"
