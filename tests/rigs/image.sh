#!/bin/bash
# image.sh TAG : builds the Dockerfile for real, unchanged, without a Docker engine or an image registry.
#
# Debian 13 has the Python of python:3.13-slim, so a stand-in for that image is made from Debian's own
# packages under a name where FROM finds it. Needs root, and buildah, podman, runc and mmdebstrap.
set -euo pipefail
tag=$1
here=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR
. "$here/podman.sh"
base=localhost/python:3.13-slim
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT

make_base() {
  TMPDIR=$work mmdebstrap --quiet --variant=minbase \
    --include=ca-certificates,python3,python3-venv,python3-pip \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' trixie "$work/base.tar"
  "${podman[@]}" import -q "$work/base.tar" localhost/base:trixie >/dev/null
  rm "$work/base.tar"
  # What this machine needs in order to reach its package index is taught to the stand-in alone:
  # the Dockerfile has no word about it, and nothing of it is committed.
  cp /etc/ssl/certs/ca-certificates.crt "$work/ca.crt"
  {
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n'
    index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || printf 'index-url = %s\n' "$index"
  } >"$work/pip.conf"
  cat >"$work/Dockerfile" <<'BASE'
FROM localhost/base:trixie
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
COPY pip.conf /etc/pip.conf
RUN ln -s /usr/bin/python3 /usr/local/bin/python \
 && ln -s /usr/bin/pip3 /usr/local/bin/pip \
 && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
BASE
  buildah bud -q --isolation chroot --pull-never -t "$base" "$work" >/dev/null
}

start=$SECONDS
if "${podman[@]}" image exists "$base"; then
  echo "base: cached in $cache"
else
  make_base
  echo "base: made in $((SECONDS - start)) s"
fi
start=$SECONDS
# --format docker because the OCI format drops HEALTHCHECK; --layers so that steps are cached.
buildah bud -q --isolation chroot --pull-never --format docker --layers -t "$tag" "$here/../.." >/dev/null
echo "image: built in $((SECONDS - start)) s, $("${podman[@]}" image inspect "$tag" --format '{{.Size}}' | numfmt --to=si)B," \
  "of which the base $("${podman[@]}" image inspect "$base" --format '{{.Size}}' | numfmt --to=si)B"
