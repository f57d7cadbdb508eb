# shellcheck shell=bash
# Puts Node 24.9 or newer on PATH: the one that `setup` keeps in .tools, else the machine's own where it is new enough.
# `.node-version` names the version that `setup` brings; the Dockerfile builds on the same one.
# Sourced by the other scripts from the top folder of the project.

read -r NODE_VERSION <.node-version
NODE_OLDEST=24.9.0

node_is_new_enough() {
  local manifest='' version have want part
  # To ask Node takes as long as many a command.
  if [[ -x .tools/node_modules/.bin/node ]]; then manifest=$(<.tools/node_modules/node/package.json); fi
  if [[ $manifest =~ \"version\":\ *\"([0-9.]+)\" ]]; then
    version=${BASH_REMATCH[1]}
  else
    version=$(node --version 2>/dev/null) || return 1
  fi
  IFS=. read -r -a have <<<"${version#v}"
  IFS=. read -r -a want <<<"$NODE_OLDEST"
  for part in 0 1 2; do
    if ((have[part] != want[part])); then return $((have[part] < want[part])); fi
  done
}

use_node() {
  if [[ -x .tools/node_modules/.bin/node ]]; then
    PATH=$PWD/.tools/node_modules/.bin:$PATH
    export PATH
  fi
  # Commands start in half the time where the sources were compiled before.
  export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$PWD/.tools/compile-cache}
  # It holds for a copy of the checkout, too, as the tests make them.
  export NODE_COMPILE_CACHE_PORTABLE=1
  # A process that stays up gives back what it needed while it started, see platform/supervisor/process/allocator.ts.
  export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
  node_is_new_enough
}
