#!/usr/bin/env bash
# As get.sh, where a server that cannot be had is a failure:   tests/servers/require.sh SERVER
"$(dirname "$0")/get.sh" "$@" || exit 1
