# shellcheck shell=bash
# Puts Node 24.9 or newer on PATH: the one that `setup` keeps in .tools, else the machine's own where it is new enough.
# Sourced by the other scripts from the top folder of the project.

NODE_MAJOR=24
NODE_OLDEST=24.9.0

node_is_new_enough() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  [[ $(printf '%s\n' "$NODE_OLDEST" "${version#v}" | sort --version-sort | head -n 1) == "$NODE_OLDEST" ]]
}

use_node() {
  if [[ -x .tools/node_modules/.bin/node ]]; then
    PATH=$PWD/.tools/node_modules/.bin:$PATH
    export PATH
  fi
  # Commands start in half the time where the sources were compiled before.
  export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$PWD/.tools/compile-cache}
  node_is_new_enough
}
