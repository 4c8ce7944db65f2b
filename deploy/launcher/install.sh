# What the programs need from the system, and how it is installed. Sourced by ./tracker.

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Prints the packages that are missing for the product, or for its tests or benchmarks too.
missing_packages() {
  if [[ -z ${TRACKER_DB-} || $1 == tests ]]; then compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || echo postgresql; fi
  if [[ -z ${LIBTORCH-} ]]; then
    installed libtorch-dev || echo libtorch-dev
    # Without it matrix products run on the reference BLAS, many times slower.
    installed libopenblas0-openmp || echo libopenblas0-openmp
  fi
  installed libturbojpeg0-dev || echo libturbojpeg0-dev
  command -v cmake >/dev/null || echo cmake
  command -v make >/dev/null || echo make
  command -v g++ >/dev/null || echo g++
  installed dataset-fashion-mnist || echo dataset-fashion-mnist
  command -v npm >/dev/null || printf '%s\n' nodejs npm
  if [[ $1 != product ]]; then command -v chromium >/dev/null || echo chromium; fi
  if [[ $1 == bench ]]; then installed python3-torch || echo python3-torch; fi
}

# Makes sure that everything is there; asks before it installs, unless started by root or with --yes.
install_needs() {
  local -a packages
  mapfile -t packages < <(missing_packages "$1")
  if ((${#packages[@]})); then install_packages "${packages[@]}"; fi
  local version
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  version=$(cd "$root" && dotnet --version 2>&1) || die "the .NET SDK here does not fit global.json (version 10 is needed):"$'\n'"$version"
}

install_packages() {
  local -a as_root=()
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null \
    || die "this system has no apt-get; install by its own means, then start again: $*"
  if ((EUID)); then
    command -v sudo >/dev/null || die "missing: $*. As root: apt-get install $*"
    as_root=(sudo)
    if [[ -z $yes ]]; then
      [[ -t 0 ]] || die "missing: $*. Install them, or start with --yes"
      local answer
      read -r -p "Missing: $*. Install with sudo apt-get? [Y/n] " answer
      [[ -z $answer || $answer == [yY]* ]] || die "nothing was installed"
    fi
  fi
  say "Installing $* …"
  local log; log=$(mktemp)
  # A package list that was never fetched, or that names versions no longer served, is the usual cause of a first failure.
  apt_install "$log" "$@" || { "${as_root[@]}" apt-get update -q >>"$log" 2>&1 9>&-; apt_install "$log" "$@"; } \
    || { tail -n 15 "$log" >&2; die "apt-get could not install $* (the whole output: $log)"; }
  rm -f "$log"
}

apt_install() {
  local log=$1; shift
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null 9>&-
}
