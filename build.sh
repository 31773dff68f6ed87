#!/usr/bin/env bash
# The one door to the build: ./build.sh [--target=NAME] [options]; see build/build.cake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "The .NET SDK isn't on the PATH. Install .NET 10: https://dotnet.microsoft.com/download" >&2; exit 1; }

# LightGBM's native library needs GNU OpenMP, which a bare machine lacks.
has_openmp() {
    # Ordinary users have no sbin on their PATH. The whole list is read before it is searched: a pipe that closes early would make ldconfig fail.
    local known folder
    known="$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)"
    case "$known" in *libgomp.so.1*) return 0 ;; esac
    local IFS=:
    for folder in ${LD_LIBRARY_PATH:-} /lib /usr/lib /lib64 /usr/lib64 /usr/local/lib; do       # where there is no such list, as on Alpine
        if [ -n "$folder" ] && [ -e "$folder/libgomp.so.1" ]; then return 0; fi
    done
    return 1
}

if [ "$(uname -s)" = Linux ] && ! has_openmp; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing libgomp1, which LightGBM needs." >&2
        apt-get -qq update >/dev/null || true                  # one source out of reach doesn't matter when another has it
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libgomp1 >/dev/null || true
    fi
    if ! has_openmp; then
        echo "LightGBM needs GNU OpenMP (libgomp.so.1), and this machine has none. Install it first: sudo apt-get install libgomp1" >&2
        echo "(Debian, Ubuntu), dnf install libgomp (Fedora, RHEL), apk add libgomp (Alpine)." >&2
        exit 1
    fi
fi

# Only the browser's own tests need one; they say so where it stays missing.
has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable; }

case " $* " in
    *" --target=Browser "*)
        if ! has_browser >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing chromium, which opens the reports' pages." >&2
            apt-get -qq update >/dev/null || true
            DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null || true
        fi ;;
esac

dotnet tool restore >/dev/null
exec dotnet cake build/build.cake "$@"
