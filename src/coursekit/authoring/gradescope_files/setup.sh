#!/usr/bin/env bash
# Gradescope runs this once, as root, to build the image in which submissions are graded.
set -euo pipefail
cd "$(dirname "$0")"

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq bubblewrap || echo "no bubblewrap: students' code will run as a user of its own"

python=""
for version in 3.13 3.12 3.11; do
    if apt-get install -y -qq "python$version" "python$version-venv"; then
        python="python$version"
        break
    fi
done
if [ -z "$python" ]; then
    echo "coursekit needs Python 3.11 to 3.13, and this image has none to install. Choose a newer base image." >&2
    exit 1
fi

# Where a student's code, which runs as another user, can read it.
"$python" -m venv /opt/coursekit
/opt/coursekit/bin/pip install --quiet --no-cache-dir -c constraints.txt './package[grade]'
chmod -R go-rwx .
