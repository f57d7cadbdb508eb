# shellcheck shell=bash
# PostgreSQL, Redis and Caddy from the operating system's packages. Sourced by `setup`.

# configured NAME: whether a variable has a value, in the environment or in .env
configured() { [[ -n ${!1-} ]] || grep -qsE "^$1=[\"']?[^\"'[:space:]#]" .env; }
edge_is_external() { [[ ${PANDECT_EDGE-} == external ]] || { [[ -z ${PANDECT_EDGE-} ]] && grep -qsE '^PANDECT_EDGE=["'\'']?external' .env; }; }

has_postgres() {
  command -v initdb >/dev/null && return
  local pattern
  for pattern in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin {/opt/homebrew,/usr/local}/opt/postgresql@*/bin; do
    if [[ -x $pattern/initdb ]]; then return; fi
  done
  return 1
}

# Debian's names of what is missing, one a line
missing_packages() {
  local PATH=$PATH:/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin
  configured DATABASE_URL || has_postgres || echo postgresql
  configured REDIS_URL || command -v redis-server >/dev/null || echo redis-server
  edge_is_external || command -v caddy >/dev/null || echo caddy
}

# Debian's names of the languages of text recognition that are missing; without them the platform does all but read scans.
# The program that uses them comes with the packages of npm. The folders: see recognition-languages.ts.
missing_languages() {
  local language folder
  for language in rus eng; do
    for folder in /usr/share/{tesseract-ocr/{5,4.00}/,tesseract/,}tessdata /{opt/homebrew,usr/local}/share/tessdata; do
      [[ -e $folder/$language.traineddata ]] && continue 2
    done
    echo "tesseract-ocr-$language"
  done
}

# What stores backups; without it the platform does all but those.
has_restic() { PATH=$PATH:/usr/local/bin:/usr/bin command -v restic >/dev/null; }

# The places are those of tests/support/chromium.ts.
has_windowed_browser() { [[ -x /usr/bin/chromium ]] || [[ -x /usr/bin/chromium-browser ]] || [[ -x /usr/bin/google-chrome ]]; }

# Chromium without windows takes less than half of the processor time. A distribution that does not know it has the one with windows.
has_browser() {
  [[ -n ${CHROMIUM-} ]] || [[ -x /usr/bin/chromium-headless-shell ]] ||
    { has_windowed_browser && ! apt-cache show chromium-headless-shell >/dev/null 2>&1; }
}
install_browser() { install_packages chromium-headless-shell || has_windowed_browser || install_packages chromium; }

explain_packages() {
  cat <<TEXT
missing programs: $*
  Debian, Ubuntu: run this as root, or: apt-get install --no-install-recommends $*
  Fedora:         dnf install postgresql-server redis caddy
  Alpine:         apk add postgresql redis caddy
  macOS:          brew install postgresql@17 redis caddy
or set DATABASE_URL, REDIS_URL and PANDECT_EDGE=external to use what runs elsewhere
TEXT
}

policy=/usr/sbin/policy-rc.d
policy_mark='# put here by the setup of Pandect while it installs packages'
cluster_config=/etc/postgresql-common/createcluster.conf
cluster_mark='create_main_cluster = false # by the setup of Pandect'

# Takes back what install_packages changes for its own time, also after a setup that was killed: what is marked is ours.
restore_system() {
  if grep -qsF "$policy_mark" "$policy"; then rm -f "$policy"; fi
  if [[ -e $policy.before-pandect ]]; then mv "$policy.before-pandect" "$policy"; fi
  if grep -qsF "$cluster_mark" "$cluster_config"; then sed -i "/$cluster_mark/d" "$cluster_config"; fi
}

# install_packages NAME…: starts and enables no service, and makes no database cluster of the distribution's
install_packages() {
  restore_system
  if [[ -e $policy ]]; then mv "$policy" "$policy.before-pandect"; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy" && chmod 755 "$policy"
  if [[ " $* " == *' postgresql '* ]]; then
    # This package brings the file that says whether the next one makes a cluster.
    apt_install postgresql-common || return 1
    echo "$cluster_mark" >>"$cluster_config"
  fi
  apt_install "$@" || return 1
  local package
  if [[ -d /run/systemd/system ]]; then
    for package in "$@"; do systemctl disable --now "$package.service" || true; done
  fi
  restore_system
}

# The lists of packages are brought up to date only when they do not serve.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
  "${apt[@]}" install --no-install-recommends "$@" && return
  "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"
}
