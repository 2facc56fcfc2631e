# shellcheck shell=bash
# install.sh - what Berth needs of Debian, and how it is installed where it is missing. Sourced.

# Each list is what one kind of work needs beyond the list above it.
# shellcheck disable=SC2034  # the scripts that source this file use them
{
  to_build=(g++ cmake ninja-build ccache
    libboost1.81-dev libtomlplusplus-dev libcli11-dev libfmt-dev libsqlite3-dev)
  to_run=("${to_build[@]}" sqlite3)
  to_test=("${to_build[@]}" libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev git)
  to_check=("${to_test[@]}" shellcheck clang-19 libclang-rt-19-dev llvm-19
    clang-tidy-19 clang-format-19 python3)
  to_cross=("${to_test[@]}" g++-mingw-w64-x86-64-posix wine64 googletest dpkg-dev make tcl)
}

say() { printf '== %s\n' "$*"; }

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "only root may do this, and there is no sudo; as root: $*" >&2
    return 1
  fi
}

# need <package>... : installs those that are missing; quick when none is.
need() {
  local package missing=()
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) == ?i* ]] ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# Where the installed SQLite came from, as lines of deb-src for apt.
sqlite_origins() {
  apt-cache policy libsqlite3-dev |
    awk '$1 ~ /^[0-9]+$/ && $2 ~ /:/ {split($3, at, "/"); print "deb-src", $2, at[1], at[2]}' |
    sort -u
}

# need_origins : makes sure that apt knows them; a fresh container image has no lists.
need_origins() {
  [[ $(sqlite_origins) ]] || as_root apt-get -qq -o DPkg::Lock::Timeout=300 update
}
