# The command line of the product, built when it is first used. Sourced by ./tracker.

# usage: run_cli [--data DIR] ARGUMENTS OF tracker-cli
# Without a server in the environment it talks to the tracker of the data directory, if one runs there, as the admin.
run_cli() {
  if [[ ${1-} == --data ]]; then (($# > 1)) || die "--data needs a value"; data=$2; shift 2; fi
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  build_cli
  if [[ -z ${TRACKER_URL-} && -s $data/run/url ]]; then
    TRACKER_URL=$(<"$data/run/url")
    export TRACKER_URL
    [[ -n ${TRACKER_TOKEN-} ]] || { admin_token; export TRACKER_TOKEN=$TRACKER_ADMIN_TOKEN; }
  fi
  exec dotnet "$app/cli/tracker-cli.dll" "$@"
}

# Nothing of it is said on standard output, which belongs to the command.
build_cli() {
  local since=new
  if [[ -f $app/cli/built ]]; then
    since=$(find "$root/src/Cli" "$root"/Directory.*.props "$root/global.json" \( -name bin -o -name obj \) -prune -o -newer "$app/cli/built" ! -type d -print -quit)
  fi
  [[ -n $since ]] || return 0
  mkdir -p "$app"
  exec 8>"$app/cli.lock"
  flock 8
  say "Building the command line …" >&2
  local -x MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
  rm -rf "$app/cli.new"
  quietly "$app/cli.log" dotnet publish "$root/src/Cli" -c Release -o "$app/cli.new" -v q -nologo
  touch "$app/cli.new/built"
  rm -rf "$app/cli"
  mv "$app/cli.new" "$app/cli"
  exec 8>&-
}
