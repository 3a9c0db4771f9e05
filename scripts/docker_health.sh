#!/usr/bin/env bash
# The health of a container of the image: of `albert serve` whether it answers /health; every other command is healthy while it runs. Needs
# bash and nothing else.
#
# usage: docker_health.sh [COMMAND-LINE-FILE]      default: /proc/1/cmdline, whose words end with zeros
set -euo pipefail

mapfile -d '' -t words < "${1:-/proc/1/cmdline}"

# Whether the subcommand of albert, which a starter such as docker-init may have been given, is serve.
is_server() {
  local word is_behind_albert=false
  for word in "${words[@]}"; do
    if ! $is_behind_albert; then
      [[ ${word##*/} != albert ]] || is_behind_albert=true
    elif [[ $word != -* ]]; then
      [ "$word" = serve ]
      return
    fi
  done
  return 1
}

is_server || exit 0
host=127.0.0.1 port=8080
for i in "${!words[@]}"; do
  value=${words[i + 1]:-}
  case ${words[i]} in
    --host) host=$value ;;
    --host=*) host=${words[i]#*=} ;;
    --port) port=$value ;;
    --port=*) port=${words[i]#*=} ;;
  esac
done
case $host in 0.0.0.0 | :: | localhost) host=127.0.0.1 ;; esac # all addresses: one of them will do

exec 3<> "/dev/tcp/$host/$port"
printf 'GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$host" >&3
read -r -t 5 _ status _ <&3
[ "$status" = 200 ]
