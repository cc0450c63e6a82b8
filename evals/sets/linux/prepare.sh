#!/usr/bin/env bash
# Lays out the Linux kernel's own documents on who decides what, as Debian's linux-doc ships them.
# usage: prepare.sh OUTDIR     needs apt-get and dpkg; contents stay untouched, .rst becomes .txt, names get flat
set -euo pipefail
out=${1:?usage: prepare.sh OUTDIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source "$(dirname "${BASH_SOURCE[0]}")/../fetch.sh"

# The version of Debian 12's last point release, which stays on offer.
fetch "$work" linux-doc-6.1=6.1.176-1

source_text=$work/root/usr/share/doc/linux-doc-6.1/Documentation
pages=$work/root/usr/share/doc/linux-doc-6.1/html
text() { zcat "$source_text/$1.rst.gz" > "$out/${2:-${1##*/}}.txt"; }
page() { cp "$pages/$1.html" "$out/${2:-${1##*/}}.html"; }

for name in 1.Intro 3.Early-stage 5.Posting 6.Followthrough 7.AdvancedTopics code-of-conduct \
  code-of-conduct-interpretation handling-regressions howto kernel-enforcement-statement license-rules \
  maintainer-pgp-guide management-style researcher-guidelines stable-kernel-rules; do
  text process/$name
done
for name in reporting-issues reporting-regressions security-bugs; do text admin-guide/$name; done
for name in maintainer-entry-profile modifying-patches pull-requests rebasing-and-merging; do text maintainer/$name; done
text devicetree/bindings/ABI devicetree-abi
text devicetree/bindings/submitting-patches devicetree-submitting-patches
text doc-guide/contributing documentation-contributing
text driver-api/vfio-pci-device-specific-driver-acceptance vfio-pci-acceptance
text translations/index translations

for name in 2.Process embargoed-hardware-issues maintainer-netdev maintainer-tip submitting-patches; do page process/$name; done
page bpf/bpf_devel_QA
page doc-guide/maintainer-profile documentation-maintainer-profile
page driver-api/media/maintainer-entry-profile media-maintainer-profile
page nvdimm/maintainer-entry-profile nvdimm-maintainer-profile
page riscv/patch-acceptance riscv-patch-acceptance
echo "linux: $(find "$out" -maxdepth 1 -type f | wc -l) documents in $out"
