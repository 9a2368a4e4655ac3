#!/bin/sh
# install_packages.sh build|test: installs the Debian packages that are missing, and touches no
# network when none is. "build" is what the library, the command and the simulator are made of;
# "test" adds what the tests want. The one list of them.
set -eu

build="gcc g++ libc6-dev cmake ninja-build pkg-config
  libcurl4-openssl-dev libssl-dev libcjson-dev libpcre2-dev libcmocka-dev libmicrohttpd-dev"
test="clang clang-tidy clang-format libclang-rt-14-dev python3 python3-botocore
  python3-pip python3-setuptools python3-wheel python3-venv mypy
  openssl squid tinyproxy-bin dante-server libuv1-dev libglib2.0-dev libsqlite3-dev librdkafka-dev
  python3-prometheus-client"

# There is one syslog daemon at a time: rsyslog only where it puts no other one out.
if ! dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Provides}\n' 2>/dev/null |
    grep -v ' rsyslog ' | grep -q '^ii.*system-log-daemon'; then
    test="$test rsyslog rsyslog-openssl"
fi

case ${1-} in
build) wanted=$build ;;
test) wanted="$build $test" ;;
*) echo "usage: $0 build|test" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null || exit 0 # not Debian: cmake will name what it does not find

missing=
for package in $wanted; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "missing packages; as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root="sudo"
fi
echo "installing$missing"
$as_root apt-get -q -o Acquire::Retries=3 update
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qy -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install --no-install-recommends $missing
