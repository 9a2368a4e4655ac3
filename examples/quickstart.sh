#!/bin/bash
# From a fresh clone to collected events, on this machine alone: builds the library and its command,
# starts a simulated AWS with a CloudTrail log group in three regions, collects everything from it
# over TLS, and compares with what the simulator holds. Installs missing Debian packages first.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/quickstart
group=CloudTrail/logs
regions="us-east-1 eu-central-1 ap-southeast-2"
events=400
export AWSLOGSRC_QUICKSTART_SECRET=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY # the documentation's own

run=$(mktemp -d)
simulator=
cleanup() {
    if [ -n "$simulator" ]; then
        kill "$simulator" 2>/dev/null || true
        wait "$simulator" 2>/dev/null || true
    fi
    rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# quietly COMMAND...: what it says matters only if it fails.
quietly() {
    "$@" </dev/null >"$run/log" 2>&1 || { cat "$run/log" >&2; echo "failed: $*" >&2; exit 1; }
}

echo "Building in $build ..."
quietly cmake/install_packages.sh build
# The loopback needs no proxy, and the caller's AWS settings are not for this.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY "${!AWS_@}"
quietly cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo
quietly cmake --build "$build" --target awslogsrc_command awslogsrc-simulator

region_options=()
for region in $regions; do
    region_options+=(--region "$region")
done
"$build/tests/simulator/awslogsrc-simulator" --tls --ca-out "$run/ca.pem" \
    --port-file "$run/port" --expect-out "$run/expected.json" \
    "${region_options[@]}" --group "$group" --events "$events" --kind cloudtrail \
    --access-key AKIDEXAMPLE --secret-key "$AWSLOGSRC_QUICKSTART_SECRET" \
    >"$run/simulator.log" 2>&1 &
simulator=$!
for _ in $(seq 100); do
    [ -s "$run/port" ] && break
    kill -0 "$simulator" 2>/dev/null || break
    sleep 0.1
done
if ! [ -s "$run/port" ]; then
    cat "$run/simulator.log" >&2
    echo "the simulator did not start" >&2
    exit 1
fi
echo "A simulated AWS listens on https://127.0.0.1:$(cat "$run/port")"

collect=("$build/examples/collector/awslogsrc" collect --regions "${regions// /,}" --log-group "$group"
    --access-key AKIDEXAMPLE --secret-key env:AWSLOGSRC_QUICKSTART_SECRET
    --endpoint-url "https://127.0.0.1:$(cat "$run/port")" --ca-file "$run/ca.pem"
    --start-time beginning --once --format json)
echo "\$ ${collect[*]}"
"${collect[@]}" >"$run/events.jsonl"

columns=$({ tput cols || echo 100; } 2>/dev/null)
head -n 10 "$run/events.jsonl" | cut -c "1-$((columns > 20 ? columns : 100))"
echo "..."

# count REGION: distinct events collected there. expected REGION: what the simulator says it has.
count() {
    grep -E "\"region\": ?\"$1\"" "$run/events.jsonl" | grep -oE '"event_id": ?"[^"]*"' | sort -u | wc -l
}
expected() {
    grep -oE "\"$1\":\{\"events\":[0-9]+" "$run/expected.json" | grep -oE '[0-9]+$' || echo 0
}
sum=0
failed=
for region in $regions; do
    got=$(count "$region")
    wanted=$(expected "$region")
    printf '%-16s %5d events, the simulator has %5d\n' "$region" "$got" "$wanted"
    sum=$((sum + wanted))
    [ "$got" = "$wanted" ] || failed=yes
done
lines=$(wc -l <"$run/events.jsonl")
printf '%-16s %5d events, the simulator has %5d\n' "in all" "$lines" "$sum"
if [ -n "$failed" ] || [ "$lines" != "$sum" ] || [ "$sum" = 0 ]; then
    echo "FAILED: the counts differ" >&2
    exit 1
fi
