#!/bin/bash
# Beside iptables-legacy rules that drop by default: with rules of ctalg's own table, and with those that it prints for iptables.
# REQUIRES: ctalg tool:iptables-legacy
. "$(dirname "$0")/../services.sh"
. "$(dirname "$0")/../iptables.sh"

iptables_serves legacy
