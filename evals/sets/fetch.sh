# Sourced by each set's prepare.sh.

# fetch WORK NAME=VERSION...  unpacks the Debian packages below WORK/root.
# A version that is no longer on offer is replaced by the current one, with a warning: the quotes may then have moved.
fetch() {
  local work=$1 pin name apt=(apt-get -q -o APT::Sandbox::User=root)
  shift
  mkdir -p "$work/debs"
  cd "$work/debs"
  for pin in "$@"; do
    name=${pin%%=*}
    "${apt[@]}" download "$pin" >/dev/null 2>&1 && continue
    "${apt[@]}" update >/dev/null
    "${apt[@]}" download "$pin" >/dev/null 2>&1 && continue
    echo "warning: $pin is not on offer; took the current $name, so run verify.py before you trust the figures" >&2
    "${apt[@]}" download "$name" >/dev/null
  done
  for deb in ./*.deb; do dpkg -x "$deb" "$work/root"; done
  cd - >/dev/null
}
