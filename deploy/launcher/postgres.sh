# The private Postgres cluster inside the data directory. Sourced by ./tracker.

private_postgres=
[[ -n ${TRACKER_DB-} ]] || private_postgres=1

# Postgres refuses to run as root; Debian's package brings the user for it.
as_postgres() { if ((EUID)); then "$@"; else (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); fi; }

start_postgres() {
  [[ -n $private_postgres ]] || return 0
  place_cluster && init_cluster && clear_stale_lock || return
  local tries
  pg_port=$(free_port) || { say "found no free port for Postgres"; return 1; }
  start postgres
  for ((tries = 0; tries < 600; tries++)); do
    [[ -z $stopping ]] || return 1
    # The last line of this file tells the state, as pg_ctl reads it.
    [[ $(tail -n 1 "$cluster/postmaster.pid" 2>/dev/null) == ready* ]] && break
    kill -0 "${pids[postgres]}" 2>/dev/null || { say "Postgres ended while starting; the end of $logs/postgres.log:"; tail -n 12 "$logs/postgres.log"; return 1; }
    sleep 0.1
  done
  export TRACKER_DB="Host=127.0.0.1;Port=$pg_port;Database=tracker;Username=tracker;Password=$(<"$data/postgres-password")"
}

spawn_postgres() {
  local -a user=()
  ((EUID)) || user=(setpriv --reuid=postgres --regid=postgres --init-groups)
  spawn postgres / "${user[@]}" "$pg_bin/postgres" -D "$cluster" -p "$pg_port"
}

# The cluster lies in the data directory, unless user postgres cannot get there (a clone in /root): then it lies under
# /var/lib/tracker, and a link in the data directory leads to it.
place_cluster() {
  local home=$data/postgres
  if [[ ! -d $home ]]; then
    rm -f "$home"
    if ((EUID)); then
      mkdir -m 700 "$home"
    elif as_postgres test -x "$data"; then
      install -d -m 700 -o postgres -g postgres "$home"
    else
      mkdir -p /var/lib/tracker
      ln -s "$(mktemp -d /var/lib/tracker/XXXXXXXX)" "$home"
      chown postgres:postgres "$home/"
      say "User postgres cannot enter $data: the database lies in $(readlink "$home")"
    fi
  fi
  cluster=$(realpath "$home")/cluster
  local version='*'
  [[ ! -e $cluster ]] || version=$(<"$cluster/PG_VERSION")
  pg_bin=$(compgen -G "/usr/lib/postgresql/$version/bin" | sort -V | tail -n 1) \
    || { say "The database in $cluster is of Postgres $version, which is not installed"; return 1; }
}

# Made under another name and renamed when it is complete: a killed start leaves no half of a cluster.
init_cluster() {
  if [[ ! -e $cluster ]]; then
    say "Creating a Postgres cluster in $cluster …"
    rm -rf "$cluster.new"
    (umask 077; secret 24 >"$data/postgres-password")
    cp -p "$data/postgres-password" "$cluster.password"
    ((EUID)) || chown postgres "$cluster.password"
    as_postgres "$pg_bin/initdb" -D "$cluster.new" -U tracker --pwfile="$cluster.password" -A scram-sha-256 --locale=C.UTF-8 \
      --encoding=UTF8 --data-checksums >"$logs/initdb.log" 2>&1 || { cat "$logs/initdb.log"; return 1; }
    rm "$cluster.password"
    echo "create database tracker;" | as_postgres "$pg_bin/postgres" --single -D "$cluster.new" postgres >>"$logs/initdb.log" 2>&1 \
      || { cat "$logs/initdb.log"; return 1; }
    echo "include 'tracker.conf'" >>"$cluster.new/postgresql.conf"
    mv "$cluster.new" "$cluster"
  fi
  cp "$root/deploy/postgres.conf" "$cluster/tracker.conf"
  chmod 644 "$cluster/tracker.conf"
}

# A file left by a killed Postgres stops the next one when its process id has come into use again, as after a restart of
# the machine. A Postgres that does run here, unknown to us, is asked to end.
clear_stale_lock() {
  local pid
  [[ -e $cluster/postmaster.pid ]] || return 0
  pid=$(head -n 1 "$cluster/postmaster.pid")
  if [[ $(readlink "/proc/$pid/cwd") == "$cluster" ]]; then
    record postgres "$pid"
    end INT 30 postgres
  else
    rm -f "$cluster/postmaster.pid"
  fi
}

# Yesterday's port when it is free, so that a noted psql command stays right; else one at random.
free_port() {
  local port tries
  port=$(cat "$data/postgres-port" 2>/dev/null) || port=0
  for ((tries = 0; tries < 50; tries++)); do
    if ((port > 0)) && ! listening "$port"; then echo "$port" | tee "$data/postgres-port"; return; fi
    port=$((20000 + RANDOM % 10000))
  done
  return 1
}
