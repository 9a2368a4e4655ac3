#!/bin/bash
# tests/run.sh [--long]: everything that is checked, on a bare Debian 12 too: missing packages are
# installed first. One line for each step, everything a failing step said, and last of all
# "N passed, N failed, N skipped". --long takes larger worlds and more rounds.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

long=
case "$*" in
"") ;;
--long) long=yes ;;
*) echo "usage: $0 [--long]" >&2; exit 2 ;;
esac

logs=build/logs
results=build/results
timeout=600
failed=()
rm -rf "$logs" "$results"
mkdir -p "$logs" "$results" || exit 1

# step NAME COMMAND...: runs the command with its output in a log, shown only if it fails.
step() {
    local name=$1 log=$logs/${1//[^a-zA-Z0-9]/-}.log began=$SECONDS
    shift
    if "$@" </dev/null >"$log" 2>&1; then
        printf 'ok    %4d s  %s\n' $((SECONDS - began)) "$name"
        return 0
    fi
    printf 'FAIL  %4d s  %s\n' $((SECONDS - began)) "$name"
    sed 's/^/    /' "$log"
    return 1
}

# build FOLDER OPTION...: configures and builds; a warning of any tool is a failure.
build() {
    local folder=build/$1
    shift
    cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DAWSLOGSRC_TEST_TIMEOUT="$timeout" "$@" &&
        cmake --build "$folder" 2>&1 | tee "$logs/compiler" && [ "${PIPESTATUS[0]}" = 0 ] &&
        ! grep -i 'warning:' "$logs/compiler"
}

# What meets other threads, under ThreadSanitizer.
build_threads() {
    cmake -S . -B build/threads -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=gcc \
        -DAWSLOGSRC_SANITIZE=thread && cmake --build build/threads --target thread_tests
}

# run_tests FOLDER RESULTS OPTION...: ctest, with every test's output kept for the report. Many tests
# wait more than they work, so two more run than there are processors.
run_tests() {
    local folder=build/$1 result=$PWD/$results/$2.xml
    shift 2
    ctest --test-dir "$folder" --no-tests=error --output-on-failure -j $(($(nproc) + 2)) \
        --output-junit "$result" \
        --test-output-size-passed 100000000 --test-output-size-failed 100000000 "$@"
}

# What libFuzzer finds beside the seeds stays in the build folder.
fuzz() {
    local seeds name
    for seeds in tests/fuzz/corpus/*; do
        name=${seeds##*/}
        mkdir -p "build/fuzz/found/$name" || return
        "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="${FUZZ_SECONDS:-180}" -timeout=10 \
            -artifact_prefix="build/fuzz/" "build/fuzz/found/$name" "$seeds" || return
    done
}

# A failed test run is counted by its cases, where it came as far as having any.
tests() {
    step "$@" || [ -s "$results/$4.xml" ] || failed+=("$1")
}

if ! step "packages" cmake/install_packages.sh test; then
    echo "FAILED: packages"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

# Nothing of the caller's reaches the tests.
unset CC CFLAGS LDFLAGS CPPFLAGS DESTDIR CMAKE_GENERATOR CMAKE_BUILD_TYPE AWSLOGSRC_LONG
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
unset STATE_DIRECTORY "${!AWS_@}" "${!CTEST_@}"
export LC_ALL=C.UTF-8
export UBSAN_OPTIONS=print_stacktrace=1
if [ -n "$long" ]; then
    export AWSLOGSRC_LONG=1
    timeout=7200
fi

if step "gcc: build" build gcc -DCMAKE_C_COMPILER=gcc; then
    tests "gcc: tests and style" run_tests gcc tests
else
    failed+=("gcc: build")
fi
# For clang's warnings alone, which do not need its optimiser.
step "clang: build" build clang -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug || failed+=("clang: build")
if step "sanitizers: build" build sanitizers -DCMAKE_C_COMPILER=gcc \
    -DAWSLOGSRC_SANITIZE=address,undefined; then
    tests "sanitizers: unit tests" run_tests sanitizers sanitizers -L unit
else
    failed+=("sanitizers: build")
fi

if [ -n "$long" ]; then
    if step "threads: build" build_threads; then
        tests "threads: unit tests" run_tests threads threads -L threads
    else
        failed+=("threads: build")
    fi
    if step "fuzz: build" build fuzz -DCMAKE_C_COMPILER=clang -DAWSLOGSRC_BUILD_FUZZERS=ON; then
        step "fuzz" fuzz || failed+=("fuzz")
    else
        failed+=("fuzz: build")
    fi
fi

echo "took $SECONDS s"
shopt -s nullglob
arguments=()
for name in "${failed[@]}"; do
    arguments+=(--failed "$name")
done
python3 -B cmake/test_report.py "${arguments[@]}" "$results"/*.xml
