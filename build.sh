#!/usr/bin/env bash
# The one door to the build: ./build.sh [--target=NAME] [options]; see build/build.cake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "The .NET SDK isn't on the PATH. Install .NET 10: https://dotnet.microsoft.com/download" >&2; exit 1; }

# LightGBM's native library needs GNU OpenMP, which a bare machine lacks.
if [ "$(uname -s)" = Linux ] && ! ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1'; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing libgomp1, which LightGBM needs."
        apt-get -qq update && apt-get -qq install -y libgomp1 >/dev/null
    else
        echo "LightGBM needs GNU OpenMP (libgomp.so.1). Install it first, as with: sudo apt-get install libgomp1" >&2
        exit 1
    fi
fi

dotnet tool restore >/dev/null
exec dotnet cake build/build.cake "$@"
