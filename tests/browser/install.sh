#!/bin/sh
# Installs Chromium and a Japanese font by apt where they are missing and this user may.
# Where it may not, the browser tests are skipped and say so.
set -u

have_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=ja 2>/dev/null | head -n 1)" ]; }

have_browser && have_font && exit 0
command -v apt-get >/dev/null 2>&1 || { echo "apt-get がないため、ブラウザーの試験は省きます / no apt-get: browser tests are skipped" >&2; exit 0; }

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else echo "権限がないため、ブラウザーの試験は省きます（apt-get install chromium fonts-noto-cjk fontconfig） / not allowed to install: browser tests are skipped" >&2; exit 0
fi

export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null ||
  echo "Chromium を導入できませんでした。ブラウザーの試験は省きます / Chromium could not be installed: browser tests are skipped" >&2
exit 0
