#!/usr/bin/env bash
# Lays out the Debian project's own documents, as their packages ship them.
# usage: prepare.sh OUTDIR     needs apt-get and dpkg; contents stay untouched, names get a prefix
set -euo pipefail
out=${1:?usage: prepare.sh OUTDIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source "$(dirname "${BASH_SOURCE[0]}")/../fetch.sh"

# The versions that the questions were checked against (bookworm).
fetch "$work" doc-debian=11.3+nmu1 debian-policy=4.6.2.0 developers-reference=12.18

doc=$work/root/usr/share/doc
for name in constitution social-contract bug-reporting bug-maint-info bug-maint-mailcontrol mailing-lists; do
  zcat "$doc/debian/$name.txt.gz" > "$out/$name.txt"
done
zcat "$doc/debian/debian-manifesto.gz" > "$out/debian-manifesto.txt"
zcat "$doc/debian-policy/policy.pdf.gz" > "$out/debian-policy.pdf"
for chapter in scope new-maintainer developer-duties resources pkgs best-pkging-practices beyond-pkging l10n tools; do
  cp "$work/root/usr/share/developers-reference/$chapter.html" "$out/developers-reference-$chapter.html"
done
echo "debian: $(find "$out" -maxdepth 1 -type f | wc -l) documents in $out"
