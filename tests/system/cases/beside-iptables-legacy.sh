#!/bin/bash
# Beside iptables-legacy rules that drop by default: with rules of ctalg's own table, and with those that it prints for iptables.
# KERNELS: 6.1
# REQUIRES: ctalg tool:iptables-legacy
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"
# shellcheck source=tests/system/iptables.sh
. "$(dirname "$0")/../iptables.sh"

iptables_serves legacy
