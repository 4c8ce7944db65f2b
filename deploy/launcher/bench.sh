# Runs the benchmarks on the programs as they are published. Sourced by ./tracker.

run_bench() {
  local -a kinds
  case $1 in
    all) kinds=(training ingest) ;;
    training | ingest) kinds=("$1") ;;
    *) die "there is no '$1' benchmark; ./tracker bench [training|ingest]" ;;
  esac
  install_needs bench
  build
  quietly "$app/bench.log" dotnet build "$root/benchmarks" -c Release -v q -nologo
  local kind
  for kind in "${kinds[@]}"; do
    say "== $kind"
    "bench_$kind"
  done
}

bench_program() { dotnet "$root/benchmarks/bin/Release/net10.0/Tracker.Benchmarks.dll" "$@"; }

bench_training() { bench_program training "$root/benchmarks/results" "$app/jobs/Tracker.Jobs.dll"; }

# On a Postgres of its own, with the settings that the product runs with.
bench_ingest() {
  local status=0
  data=$(mktemp -d) run=$data/run logs=$data/logs
  mkdir -p "$run" "$logs"
  chmod 755 "$data"
  start_postgres && bench_program ingest "$root/benchmarks/results" || status=$?
  stop_programs
  rm -rf "$data"
  return "$status"
}
