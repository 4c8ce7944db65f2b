# Builds and runs the test projects and adds up their results. Sourced by ./tracker.

test_projects() {
  case $1 in
    all) printf '%s\n' Domain.Tests Architecture Torch.Tests Training.Tests Storage.Tests Jobs.Tests Web.Tests Cli.Tests System Browser ;;
    unit) printf '%s\n' Domain.Tests Architecture Torch.Tests Training.Tests Storage.Tests Jobs.Tests Web.Tests Cli.Tests ;;
    system) echo System ;;
    browser) echo Browser ;;
    *) die "there are no '$1' tests; ./tracker test [unit|system|browser]" ;;
  esac
}

run_tests() {
  local -a projects
  local project passed=0 failed=0 skipped=0
  test_projects "$1" >/dev/null
  mapfile -t projects < <(test_projects "$1")
  install_needs tests
  logs=$app/tests
  mkdir -p "$logs"
  say "Building …"
  MSBUILDDISABLENODEREUSE=1 quietly "$logs/build.log" dotnet build "$root/Tracker.sln" -c Release -v q -nologo
  for project in "${projects[@]}"; do run_project "$project"; done
  if [[ $1 == all || $1 == unit ]]; then compile_against_package; fi
  # Where nobody looks at the output, a test that did not run must not look like one that passed.
  if [[ ${CI-} == true ]] && ((skipped)); then
    say "Skipped tests count as failed here."
    failed=$((failed + skipped)) skipped=0
  fi
  say "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

# Runs one project and adds its counts to those of the caller. A crash, a hang or no test at all is a failure.
run_project() {
  local log=$logs/$1.log program status=0 start=$EPOCHSECONDS
  program=$(compgen -G "$root/tests/$1/bin/Release/net10.0/Tracker.*.Tests") || die "tests/$1 was not built"
  say "== $1"
  timeout -k 10 1800 "$program" -noLogo -noColor >"$log" 2>&1 </dev/null || status=$?
  if [[ $(<"$log") =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+), ]]; then
    local total=${BASH_REMATCH[1]} bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) left=${BASH_REMATCH[4]}
    passed=$((passed + total - BASH_REMATCH[3] - left)) skipped=$((skipped + left))
    if ((bad == 0 && status != 0)); then say "$1 ended with exit code $status"; bad=1; fi
    if ((total == 0)); then say "$1 ran no test"; bad=1; fi
    failed=$((failed + bad))
    say "   $total tests, $bad failed, $left skipped, $((EPOCHSECONDS - start)) s"
  else
    say "$1 did not finish (exit code $status)"
    failed=$((failed + 1)) status=1
  fi
  ((status == 0)) || tail -n 200 "$log"
}

# The trainer also has to compile against the TorchSharp package; of it only the managed part is fetched, into a folder of its own.
# Where no package source serves it there is nothing to compile against, which is told and not counted.
compile_against_package() {
  local log=$logs/torchsharp.log
  local -a options=("$root/src/Training" -p:Torch=TorchSharp --artifacts-path "$app/torchsharp" -v q -nologo)
  local -x MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
  say "== src/Training against the TorchSharp package"
  if ! timeout -k 10 120 dotnet restore "${options[@]}" >"$log" 2>&1 </dev/null && grep -qE 'NU1101|NU1102|NU1301' "$log"; then
    say "   not compiled: the package cannot be restored here"
  elif timeout -k 10 300 dotnet build --no-restore "${options[@]}" >>"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    say "   compiles"
  else
    failed=$((failed + 1))
    tail -n 40 "$log"
  fi
}
