# shellcheck shell=bash disable=SC2034
# What image.sh and run_image.sh share: a container store of their own, kept between runs, and the
# flags with which podman runs on a machine without an engine, without systemd and without a registry.

cache=${HANDRAIL_IMAGE_CACHE:-/var/tmp/handrail-image-$(id -u)}
install -d -m 700 "$cache"
[ -O "$cache" ] || { echo "$cache belongs to somebody else; set HANDRAIL_IMAGE_CACHE" >&2; exit 1; }
# Overlay works natively as root; vfs would copy every layer at every step and every run.
printf '[storage]\ndriver = "overlay"\nrunroot = "%s/run"\ngraphroot = "%s/store"\n' "$cache" "$cache" \
  >"$cache/storage.conf"
export CONTAINERS_STORAGE_CONF=$cache/storage.conf

# runc with cgroupfs: crun of Debian 12 refuses machines that mix both versions of cgroups.
podman=(podman --log-level=fatal --runtime runc --cgroup-manager cgroupfs)
