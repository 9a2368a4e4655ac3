#!/bin/bash
# install_test.sh CMAKE BUILD SIMULATOR COMPILER EXAMPLE: what "cmake --install" puts into a folder
# is enough to compile, link and run the example, and the command finds its library there.
set -eu
cmake=$1 build=$2 simulator=$3 compiler=$4 example=$5

run=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$run"
}
trap cleanup EXIT

fail() {
    echo "install_test: $*" >&2
    exit 1
}

unset "${!AWS_@}" LD_LIBRARY_PATH
"$cmake" --install "$build" --prefix "$run/prefix" >"$run/install.log" 2>&1 ||
    fail "$(cat "$run/install.log")"
pc=$(find "$run/prefix" -name awslogsrc.pc)
[ -n "$pc" ] || fail "awslogsrc.pc is not installed"
# The prefix is another one than the build was configured for.
package() {
    PKG_CONFIG_PATH=${pc%/*} pkg-config --define-variable=prefix="$run/prefix" "$@" awslogsrc
}

# shellcheck disable=SC2046 # words are wanted
"$compiler" -o "$run/tail" "$example" $(package --cflags --libs)
"$run/prefix/bin/awslogsrc" version | grep -q "$(package --modversion)" ||
    fail "the installed command says another version than awslogsrc.pc"

mkfifo "$run/announcement" "$run/messages"
"$simulator" --kind text --rate 20 --region us-east-1 --group a/group >"$run/announcement" &
pids+=($!)
read -r _ _ url <"$run/announcement"

libraries=$(package --variable=libdir)
LD_LIBRARY_PATH=$libraries AWS_ENDPOINT_URL=$url AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
    AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \
    "$run/tail" us-east-1 a/group >"$run/messages" 2>"$run/tail.log" &
pids+=($!)
message=
read -r -t 60 message <"$run/messages" || true
[ -n "$message" ] || fail "the example printed nothing: $(cat "$run/tail.log")"
