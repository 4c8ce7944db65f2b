# Process files, the supervisor that restarts what dies, and the orderly end. Sourced by ./tracker.

declare -A pids=() restarts=()
stopping=''

lock_data() { exec 9>>"$data/lock"; flock -n 9 || { exec 9>&-; return 1; }; }

# Field 22 of /proc/PID/stat: with the id it names a process for good, though ids come again. Nothing for one that ended.
started_at() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  local -a fields
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] && echo "${fields[19]}"
}

record() { echo "$2 $(started_at "$2")" >"$run/$1.pid"; }

# Prints the id of a recorded process if it still runs.
running() {
  local pid start
  read -r pid start 2>/dev/null <"$run/$1.pid" && [[ -n $start && $(started_at "$pid") == "$start" ]] && echo "$pid"
}

listening() { (exec 7<>"/dev/tcp/${2-127.0.0.1}/$1") 2>/dev/null; }

ready() (
  exec 7<>"/dev/tcp/$([[ $address == 0.0.0.0 ]] && echo 127.0.0.1 || echo "$address")/$port" || exit 1
  printf 'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&7
  read -r -t 5 answer <&7 && [[ $answer == *' 200 '* ]]
) 2>/dev/null

# Starts a program in a session of its own, so that Ctrl-C reaches only the supervisor, which then stops things in order.
spawn() {
  local name=$1 dir=$2; shift 2
  (cd "$dir" && exec setsid "$@") >>"$logs/${name}.log" 2>&1 </dev/null 9>&- &
  pids[$name]=$!
  record "$name" "$!"
}

start() {
  case $1 in
    postgres) spawn_postgres ;;
    web) spawn web "$app/web" env TRACKER_DATA="$data" dotnet Tracker.Web.dll --urls "http://$address:$port" ;;
    host-*)
      local host=$HOSTNAME
      ((hosts == 1)) || host+=-${1#host-}
      spawn "$1" "$app/jobs" env -u TRACKER_ADMIN_PASSWORD -u TRACKER_ADMIN_TOKEN TRACKER_DATA="$data" \
        dotnet Tracker.Jobs.dll host --name "$host" --data "$data" ${slots:+--slots "$slots"}
      ;;
  esac
}

# Runs everything until a signal comes or a program cannot be kept alive.
supervise() {
  trap 'stopping=1' INT TERM HUP
  mkdir -p "$run" "$logs"
  rotate_logs 0
  # Held as long as the programs run: they must not be built anew beneath them.
  exec 8>>"$app/lock"
  flock -s 8
  record supervisor $$
  echo "$url" >"$run/url"
  local status=0 number
  if start_postgres && start web && await_web; then
    for ((number = 1; number <= hosts; number++)); do start "host-$number"; done
    touch "$run/ready"
    on_ready
    # Bash's own lines about killed jobs go to a file: ours say it better.
    watch 2>>"$logs/supervisor.log" || status=1
  else
    [[ -n $stopping ]] || status=1
  fi
  say "Stopping …"
  stop_programs 2>>"$logs/supervisor.log"
  rm -rf "$run"
  exec 9>&-
  return "$status"
}

on_ready() { say "Ready at $url"; }

await_web() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    [[ -z $stopping ]] || return 1
    ready && return
    kill -0 "${pids[web]}" 2>/dev/null || { say "The web server ended while starting; the end of $logs/web.log:"; tail -n 12 "$logs/web.log"; return 1; }
    sleep 0.2
  done
  say "The web server did not become ready within two minutes; see $logs/web.log"
  return 1
}

# Wakes when a program ends, and every few seconds to look after the logs.
watch() {
  local name ticker
  while [[ -z $stopping ]]; do
    sleep 5 8>&- 9>&- &
    ticker=$!
    wait -n || true
    kill "$ticker" 2>/dev/null || true
    for name in "${!pids[@]}"; do
      [[ -z $stopping ]] || return 0
      kill -0 "${pids[$name]}" 2>/dev/null || revive "$name" || return 1
    done
    rotate_logs 10000000
  done
}

# Starts a program again that ended unasked; one that ends more than five times a minute is not worth it.
revive() {
  local name=$1 status=0 now=$EPOCHSECONDS moment
  wait "${pids[$name]}" || status=$?
  local -a recent=()
  for moment in ${restarts[$name]-}; do ((now - moment < 60)) && recent+=("$moment"); done
  if ((${#recent[@]} >= 5)); then
    say "$name ended again (exit code $status), the sixth time within a minute. The end of $logs/$name.log:"
    tail -n 12 "$logs/$name.log"
    return 1
  fi
  restarts[$name]="${recent[*]-} $now"
  say "$(date +%T) $name ended (exit code $status); starting it again. Its log: $logs/$name.log"
  start "$name"
}

rotate_logs() {
  local file
  for file in "$logs"/*.log; do
    [[ -s $file && $file != */launcher.log ]] || continue
    if (($(stat -c %s "$file") > $1)); then cp "$file" "$file.1" && : >"$file"; fi
  done
}

# Hosts first, so that they can put their runs back; Postgres last.
stop_programs() {
  local file
  local -a names=()
  for file in "$run"/host-*.pid; do [[ -e $file ]] && names+=("$(basename "$file" .pid)"); done
  end TERM 30 "${names[@]}"
  end TERM 15 web
  end INT 30 postgres
}

# Signals the named processes, waits for their end, and kills those that take too long.
end() {
  local signal=$1 seconds=$2 name pid deadline; shift 2
  for name; do if pid=$(running "$name"); then kill "-$signal" "$pid" 2>/dev/null || true; fi; done
  deadline=$((EPOCHSECONDS + seconds))
  for name; do
    while pid=$(running "$name"); do
      if ((EPOCHSECONDS >= deadline)); then
        say "$name did not end within $seconds s of being asked; killing it"
        kill -KILL "$pid" 2>/dev/null || true
      fi
      sleep 0.1
    done
    rm -f "$run/$name.pid"
  done
}

# Ends what a killed launcher left behind. The lock of the data directory is held.
recover() {
  local file left=
  for file in "$run"/*.pid; do
    [[ -e $file ]] && running "$(basename "$file" .pid)" >/dev/null && left+=" $(basename "$file" .pid)"
  done
  if [[ -n $left ]]; then say "The last start was killed; ending what it left running:$left"; fi
  stop_programs
  rm -f "$run"/*
}

start_detached() {
  local pid
  trap 'say "" "Stopping …"; stop_all; exit 130' INT TERM
  setsid "$root/tracker" supervise --data "$data" --port "$port" --address "$address" --hosts "$hosts" ${slots:+--slots "$slots"} \
    >"$logs/launcher.log" 2>&1 </dev/null &
  pid=$!
  exec 9>&-
  until [[ -e $run/ready ]]; do
    kill -0 "$pid" 2>/dev/null || { cat "$logs/launcher.log" >&2; die "could not start; logs are in $logs"; }
    sleep 0.2
  done
}

# Asks the supervisor to end, and does its work when there is none.
stop_all() {
  local pid
  if pid=$(running supervisor); then
    kill -TERM "$pid"
    exec 9>>"$data/lock"
    flock -w 90 9 || { say "The supervisor does not answer; killing it"; kill -KILL "$pid"; }
  fi
  [[ ! -d $run ]] || { exec 9>>"$data/lock"; flock -w 10 9 || die "another launcher starts on $data just now"; recover; rm -rf "$run"; }
  exec 9>&-
}
