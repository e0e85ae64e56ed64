#!/bin/bash
# shellcheck disable=SC2154,SC2317  # podman and its flags come from podman.sh; a function called by trap
# shipped.sh discord|slack [--image TAG] [OPTIONS...] : the program as it is shipped, against a fake platform.
#
# Nothing about the program is changed: a network namespace of its own leads the platform's hosts to
# this machine, over TLS, with an authority made for the run. Without --image the checkout's program
# runs, with it the built image (image.sh first), read-only and hardened. OPTIONS go on to
# discord_shipped.py or slack_shipped.py: --only WORDS. Needs root, iproute2, and PYTHON with the
# development requirements (.venv/bin/python by default). One line for each check; 1 if one fails.
set -uo pipefail
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
python=${PYTHON:-$root/.venv/bin/python}
platform=${1:-}
[ $# = 0 ] || shift
case $platform in
  discord)
    hosts="discord.com gateway.discord.gg"
    secrets=(-e DISCORD_TOKEN)
    ;;
  slack)
    hosts="slack.com wss-primary.slack.com hooks.slack.com"
    secrets=(-e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN -e SLACK_SIGNING_SECRET)
    ;;
  *)
    echo "usage: shipped.sh discord|slack [--image TAG] [--only WORDS]" >&2
    exit 2
    ;;
esac
tag=
if [ "${1:-}" = --image ]; then
  tag=$2
  shift 2
fi
name=handrail-wire-$$
work=$(mktemp -d)
chmod 755 "$work"

clean_up() {
  if [ -n "$tag" ]; then
    "${podman[@]}" rm -f -t 0 "$name" >/dev/null 2>&1
    "${podman[@]}" volume rm "$name" >/dev/null 2>&1
  fi
  ip netns del "$name" 2>/dev/null
  rm -rf "/etc/netns/$name" "$work"
}
trap clean_up EXIT

install -d "/etc/netns/$name"
printf '127.0.0.1 localhost %s\n' "$hosts" >"/etc/netns/$name/hosts"
ip netns add "$name" && ip -n "$name" link set lo up || exit 1

if [ -n "$tag" ]; then
  # shellcheck source-path=SCRIPTDIR
  . "$here/podman.sh"
  # podman itself needs this machine's own network namespace; only the container gets the other.
  # The ulimits: podman's defaults are above what root may set in a container of a container.
  program=(nsenter "--net=/proc/$$/ns/net" "${podman[@]}" run --rm --replace --name "$name"
    --ulimit nofile=1024:1024 --ulimit nproc=512:512 --read-only --tmpfs "/tmp:rw,noexec,nosuid,size=16m"
    --cap-drop all --security-opt no-new-privileges --memory 512m --pids-limit 64
    --network "ns:/run/netns/$name" --no-hosts -v "/etc/netns/$name/hosts:/etc/hosts:ro"
    -v "$work:$work:ro" -v "$name:/app/data" -e SSL_CERT_FILE "${secrets[@]}" "$tag")
else
  program=(ip netns exec "$name" "$python" -m bot)
fi
cd "$root" || exit 1
# Not by `ip netns exec`: it hides the mounts that podman needs.
nsenter "--net=/run/netns/$name" "$python" -m "tests.rigs.${platform}_shipped" --folder "$work" "$@" -- "${program[@]}"
code=$?
[ "$code" = 0 ] || { echo "--- the last lines of the program's log"; tail -n 20 "$work/log"; }
exit "$code"
