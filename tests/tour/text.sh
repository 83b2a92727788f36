# shellcheck shell=bash
# What the tour prints: headings, sentences, verdicts and the table. Colours only on a terminal.

BOLD='' RED='' GREEN='' DIM='' PLAIN=''
if [ "${TOUR_COLOUR:-}" = 1 ] || [ -t 1 ]; then
	BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' DIM=$'\e[2m' PLAIN=$'\e[0m'
fi

heading() { printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }
tell() { printf '%s\n' "$@"; }

# shows LABEL VALUE [REMARK]: something observed
shows()
{
	printf '     %-29s %s' "$1" "$2"
	[ -z "${3:-}" ] || printf '   %s(%s)%s' "$DIM" "$3" "$PLAIN"
	printf '\n'
}

# padded TEXT WIDTH: printf counts bytes, a reader counts letters
padded() { printf '%s%*s' "$1" $(($2 > ${#1} ? $2 - ${#1} : 0)) ''; }

# mark yes|no|skipped
mark()
{
	case $1 in
	yes) printf '%s✓%s' "$GREEN" "$PLAIN" ;;
	no) printf '%s✗%s' "$RED" "$PLAIN" ;;
	*) printf '–' ;;
	esac
}

# seconds MICROSECONDS: 1.2
seconds() { printf '%d.%d' $(($1 / 1000000)) $(($1 / 100000 % 10)); }

HELPERS=(none mainline ctalg)
declare -A NAME=([none]='no helper' [mainline]="the kernel's" [ctalg]='ctalg')

declare -A TITLE=(
	[ftp]='FTP download, active mode'
	[split]='the same, PORT in two segments'
	[tftp]='TFTP download'
)

# table SCENARIO…: from WORKED, TOOK and AMISS
table()
{
	local s h

	padded '  ' 36
	for h in "${HELPERS[@]}"; do padded "${NAME[$h]}" 15; done
	printf '\n'
	for s in "$@"; do
		padded "  ${TITLE[$s]}" 36
		for h in "${HELPERS[@]}"; do cell "$s.$h"; done
		printf '\n'
	done
}

cell()
{
	local worked=${WORKED[$1]:-skipped} text=''

	[ -z "${TOOK[$1]:-}" ] || text="$(seconds "${TOOK[$1]}") s"
	! not_yet "$1" || text+=' *'
	[ -z "${AMISS[$1]:-}" ] || text+=' !'
	mark "$worked"
	padded "  $text" 14
}

# not_yet SCENARIO.HELPER: it did not work, and is not expected to before ctalg joins segments
not_yet() { [ -n "${TOOK[$1]:-}" ] && [ "$1.${WORKED[$1]:-}.$CTALG_JOINS_SEGMENTS" = split.ctalg.no.no ]; }
