#!/bin/bash
# shellcheck disable=SC2317,SC2054,SC2016  # functions called by name; commas inside one flag; words for awk
# run_image.sh TAG : runs the image the way it should be run in earnest, and says what does not hold.
#
# Read-only, as its own user, without capabilities, in 512 MB and without a network; the wrong tokens are
# tried against refuse.py in a network namespace of their own. Needs root, image.sh first, and PYTHON
# (with aiohttp and trustme; .venv/bin/python by default).
set -uo pipefail
tag=$1
here=$(dirname "$(realpath "$0")")
python=${PYTHON:-$here/../../.venv/bin/python}
# shellcheck source-path=SCRIPTDIR
. "$here/podman.sh"
work=$(mktemp -d)
name=handrail$$
refuser=
failed=0

clean_up() {
  "${podman[@]}" rm -f -t 0 "$name" >/dev/null 2>&1
  "${podman[@]}" volume rm "$name" >/dev/null 2>&1
  "${podman[@]}" image unmount "$tag" >/dev/null 2>&1
  [ -z "$refuser" ] || kill "$refuser"
  ip netns del "$name" 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT

# The ulimits: podman's defaults are above what root may set in a container of a container.
hardened=(--ulimit nofile=1024:1024 --ulimit nproc=512:512 --read-only --tmpfs /tmp:rw,noexec,nosuid,size=16m
  --cap-drop all --security-opt no-new-privileges --memory 512m --pids-limit 64)

# check WHAT COMMAND... : one line; a command that fails fails the script at its end.
check() {
  local what=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    sed 's/^/        | /' "$work/out" | tail -5
    failed=1
  fi
}

# ends CODE WORDS FLAGS... -- ARGS... : the container ends with CODE and says WORDS (a pattern) on the way.
ends() {
  local code=$1 words=$2 flags=() got
  shift 2
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  timeout 60 "${podman[@]}" run --rm "${hardened[@]}" "${flags[@]}" "$tag" "$@" </dev/null
  got=$?
  [ "$got" = "$code" ] || echo "exit code $got, not $code"
  [ "$got" = "$code" ] && grep -qE "$words" "$work/out" && ! grep -q Traceback "$work/out"
}

settings() { # settings TEXT... : a settings file for the container, one line for each argument
  printf '%s\n' "$@" >"$work/config.yaml"
  chmod 644 "$work/config.yaml"
}
config=(-v "$work/config.yaml:/app/config.yaml:ro")
chmod 755 "$work"

# What the image is.
inspect() { "${podman[@]}" image inspect "$tag" --format "$1"; }
is() { [ "$(inspect "$1")" = "$2" ] || { inspect "$1"; false; }; }
check "its user is not root" is '{{.Config.User}}' 10001:10001
check "it starts the program itself, without a shell" is '{{json .Config.Entrypoint}}' '["python","-m","bot"]'
check "it is stopped with SIGTERM" is '{{.Config.StopSignal}}' SIGTERM
check "it has a health check" is '{{json .HealthCheck.Test}}' '["CMD","python","-m","bot","health"]'
root=$("${podman[@]}" image mount "$tag")
nothing() { ! find "$@" | grep .; }
check "pip left no cache and no downloads" nothing "$root/root" "$root/venv" "$root/app" \
  \( -path '*/.cache/*' -o -name '*.whl' -o -name pip -path '*/site-packages/pip' \) -print
check "its user may write nowhere but in /app/data" nothing "$root/app" "$root/venv" \
  -path "$root/app/data" -prune -o \( -uid 10001 -o -gid 10001 -o -perm -o+w ! -type l \) -print
check "it holds neither tests nor settings nor Git" nothing "$root/app" \
  \( -name tests -o -name 'config*.yaml' -o -name '.git*' -o -name '.env*' \) -print

# What it says.
offline=(--network none)
check "it answers a question" ends 0 '"entry": "lithium"' "${offline[@]}" -- ask --json "can i microdose on lithium"
check "it ranks by meaning" ends 0 '^engine    semantic' "${offline[@]}" -- ask --explain "can i microdose on lithium"
check "it says what to do without settings and terminal" ends 2 'config' "${offline[@]}" -- run
data=(-v "$name:/app/data")
settings 'discord: {enabled: true}'
check "it says that moderators' settings need a volume" ends 4 'store.*cannot be opened' "${offline[@]}" "${config[@]}" -- run
check "it names the Discord token that is missing" ends 2 DISCORD_TOKEN "${offline[@]}" "${data[@]}" "${config[@]}" -- run
settings 'slack: {enabled: true}'
check "it names the Slack token that is missing" ends 2 SLACK_ "${offline[@]}" "${data[@]}" "${config[@]}" -- run

# How it takes a refusal.
ip netns add "$name" && ip -n "$name" link set lo up
printf '127.0.0.1 localhost discord.com slack.com\n' >"$work/hosts"
ip netns exec "$name" "$python" "$here/refuse.py" "$work" &
refuser=$!
for _ in $(seq 100); do [ -s "$work/ca.pem" ] && break; sleep .1; done
fake=(--network "ns:/run/netns/$name" --no-hosts -v "$work/hosts:/etc/hosts:ro" -v "$work/ca.pem:/ca.pem:ro"
  -e SSL_CERT_FILE=/ca.pem)
settings 'discord: {enabled: true}'
check "a wrong Discord token ends it with 3" \
  ends 3 '^handrail: .*token' "${fake[@]}" "${data[@]}" "${config[@]}" -e DISCORD_TOKEN=wrong.wrong.wrong -- run
settings 'slack: {enabled: true}'
check "a wrong Slack token ends it with 3" \
  ends 3 '^handrail: .*token' "${fake[@]}" "${data[@]}" "${config[@]}" -e SLACK_BOT_TOKEN=xoxb-1 -e SLACK_APP_TOKEN=xapp-1 -- run

# How it runs and stops: the console stands for a platform, with its input held open.
settings 'console: {enabled: true}' 'health: {enabled: true}' 'store: {keep_unanswered: true}'
"${podman[@]}" run -d -i --name "$name" "${hardened[@]}" "${offline[@]}" "${config[@]}" "${data[@]}" "$tag" >/dev/null
healthy() { # nothing but systemd runs the check on its own, so it is run by hand
  for _ in $(seq 20); do "${podman[@]}" healthcheck run "$name" && return; sleep .5; done
  "${podman[@]}" logs "$name"
  return 1
}
check "its health check passes" healthy
check "its store is made in the volume" "${podman[@]}" exec "$name" test -s /app/data/handrail.db
memory=$("${podman[@]}" exec "$name" awk '/^Vm(HWM|RSS)/ { printf "%s %d MB  ", $1, $2 / 1024 }' /proc/1/status)
stop_quickly() {
  local begun
  begun=$(date +%s%N)
  "${podman[@]}" stop -t 10 "$name"
  stopped=$((($(date +%s%N) - begun) / 1000000))
  echo "stopped in $stopped ms, exit $("${podman[@]}" inspect "$name" --format '{{.State.ExitCode}}')"
  "${podman[@]}" logs "$name" 2>&1 | tail -3
  [ "$stopped" -lt 2000 ] && [ "$("${podman[@]}" inspect "$name" --format '{{.State.ExitCode}}')" = 0 ]
}
check "it stops within 2 s and with 0" stop_quickly
echo "size $(inspect '{{.Size}}' | numfmt --to=si)B, memory of the running program $memory, stopped in ${stopped:-?} ms"
exit "$failed"
