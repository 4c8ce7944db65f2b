# Runs the benchmarks on the programs as they are published. Sourced by ./tracker.

run_bench() {
  local -a kinds
  case $1 in
    all) kinds=(training ingest query queue pages) ;;
    training | ingest | query | queue | pages) kinds=("$1") ;;
    *) die "there is no '$1' benchmark; ./tracker bench [training|ingest|query|queue|pages]" ;;
  esac
  install_needs bench
  build_benchmarks
  local kind
  for kind in "${kinds[@]}"; do
    say "== $kind"
    "bench_$kind"
  done
}

build_benchmarks() {
  build
  quietly "$app/bench.log" dotnet build "$root/benchmarks" -c Release -v q -nologo
}

bench_program() { dotnet "$root/benchmarks/bin/Release/net10.0/Tracker.Benchmarks.dll" "$@"; }

bench_training() { bench_program training "$root/benchmarks/results" "$app/jobs/Tracker.Jobs.dll"; }

bench_ingest() { on_own_postgres bench_program ingest "$root/benchmarks/results" "$app/web/Tracker.Web.dll"; }

bench_query() { on_own_postgres bench_program query "$root/benchmarks/results" "$app/web/Tracker.Web.dll"; }

bench_queue() { on_own_postgres bench_program queue "$root/benchmarks/results" "$app/jobs/Tracker.Jobs.dll" "$app/web/Tracker.Web.dll"; }

bench_pages() { on_own_postgres bench_program pages "$root/benchmarks/results" "$app/web/Tracker.Web.dll"; }

# Pictures of every page over made-up runs, and what axe says of them.
take_pictures() {
  install_needs bench
  build_benchmarks
  on_own_postgres bench_program pictures "$root/docs/screenshots" "$app/web/Tracker.Web.dll" "$root/docs/accessibility.md" ${1:+"$1"}
}

# Runs a command on a Postgres of its own, with the settings that the product runs with.
on_own_postgres() {
  local status=0
  data=$(mktemp -d) run=$data/run logs=$data/logs
  mkdir -p "$run" "$logs"
  chmod 755 "$data"
  start_postgres && "$@" || status=$?
  stop_programs
  rm -rf "$data"
  return "$status"
}
