#!/usr/bin/env bash
# Packs the class for the installed version of Debian's Ceph: rados-class-skyhook_VERSION_ARCH.deb in the folder given, or here.
#   apt-get install g++ rados-objclass-dev libradospp-dev dpkg-dev
set -euo pipefail
output=$(realpath "${1:-.}")
cd "$(dirname "$0")"
ceph=$(dpkg-query -W -f '${Version}' rados-objclass-dev)
architecture=$(dpkg --print-architecture)
folder=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/rados-classes
version=1.0+ceph${ceph//[^0-9A-Za-z.+~]/.}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
./build.sh build/release/libcls_skyhook.so
install -D -m 644 build/release/libcls_skyhook.so "$root$folder/libcls_skyhook.so"
mkdir "$root/DEBIAN"
cat > "$root/DEBIAN/control" <<CONTROL
Package: rados-class-skyhook
Version: $version
Architecture: $architecture
Section: libs
Priority: optional
Depends: ceph-osd (= $ceph)
Maintainer: Skyhook <skyhook@localhost>
Description: object class that runs Skyhook's query fragments inside Ceph's storage daemons
 Needs osd_class_load_list and osd_class_default_list to name it; daemons load it when they start.
CONTROL
dpkg-deb --root-owner-group --build "$root" "$output/rados-class-skyhook_${version}_$architecture.deb"
