# A short tour of real answers; `make demo` runs it. Argument: where lems-onto lies.
set -eu
say() { printf '\n$ lems-onto %s\n\n' "$*"; }
tour() { say "$@"; "$bin/lems-onto" "$@"; }
bin=$1
tour info
tour ask definition
tour ask molecular-target
say ask symptoms --where group=\"vision symptoms\"
"$bin/lems-onto" ask symptoms --where group="vision symptoms"
tour ask treatments
tour ask unknowns
tour validate
printf '\nMore: %s/lems-onto list\n' "$bin"
