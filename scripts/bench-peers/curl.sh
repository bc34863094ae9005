# What a person writes with curl and jq: bench-peers/curl.sh API MANIFEST IMAGES [proof]
# Polls every job once, and fetches the image of each that is completed; with `proof` also hashes and checks them.
set -eu
api=$1 manifest=$2 images=$3 proof=${4:-}
replies=$images.replies
mkdir -p "$replies"
jq -r --arg api "$api" --arg replies "$replies" \
    '"url=\"\($api)/v1/jobs/\(.job_id)\"\noutput=\"\($replies)/\(.job_id).json\""' "$manifest" |
    curl -sS --fail -Z --parallel-max 64 -H "Authorization: pictai_simulator" -K -
find "$replies" -name '*.json' -exec cat {} + |
    jq -r --arg images "$images" \
        'select(.data.status == "completed") | "url=\"\(.data.url)\"\noutput=\"\($images)/\(.job_id).png\""' |
    curl -sS --fail -Z --parallel-max 64 -K -
if [ -n "$proof" ]; then
    find "$images" -name '*.png' -print0 | xargs -0 -n 500 -P 2 sha256sum >"$images.sums"
    find "$images" -name '*.png' -print0 | xargs -0 -n 500 -P 2 pngcheck -q
    rm "$images.sums"
fi
rm -r "$replies"
