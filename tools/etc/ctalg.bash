# shellcheck shell=bash
# Bash completion for ctalg(8).

# The command that is being completed, whose own help says which nouns and options there are.
_ctalg_help() { "${COMP_WORDS[0]}" "$@" --help 2>/dev/null; }

_ctalg_nouns() { _ctalg_help | sed -n '/^ *-/!s/^  \([a-z][a-z-]*\)  .*/\1/p'; }

_ctalg_options() { _ctalg_help "$@" | sed -n '1,/^$/s/\[\(--[a-z-]*\)[^]]*\]/\n\1\n/gp' | grep '^--'; }

# Helpers that are loaded, which only root may ask for, and those that the command knows, which it says when asked for another.
_ctalg_helpers()
{
	"${COMP_WORDS[0]}" helpers --json 2>/dev/null | sed -n 's/.*"name": *"\([^"]*\)".*/\1/p'
	"${COMP_WORDS[0]}" enable - 2>&1 | sed -n 's/.*; there are: //p' | tr -d ,
}

# Of a setting.
_ctalg_values()
{
	case $1 in
	enabled) echo on off finish ;;
	outside-ports) echo any ;;
	lifetime) ;;
	*) echo on off ;;
	esac
}

_ctalg_limits() { "${COMP_WORDS[0]}" limits --json 2>/dev/null | sed -n 's/.*"name": *"\([^"]*\)".*/\1/p'; }

# What may stand after the noun $1 and the words that follow it.
_ctalg_arguments()
{
	case $1:$# in
	help:1) _ctalg_nouns ;;
	policy:1) echo check load show test ;;
	policy:2) [ "$2" != test ] || _ctalg_helpers ;;
	set:1 | enable:1 | disable:1) _ctalg_helpers ;;
	enable:2 | disable:2) echo port ;;
	set:*) if (($# % 2)); then _ctalg_values "${@:$#}"; else echo enabled lifetime outside-ports loose any-source strict; fi ;;
	limits:*) if (($# % 2)); then _ctalg_limits; else echo default; fi ;;
	monitor:*) _ctalg_help monitor | sed -n 's/^  \([a-z-]* [a-z -]*\)$/\1/p' ;;
	esac
}

# The noun and what follows it, without options and their values, up to the word before the cursor.
_ctalg_words()
{
	local i skip=

	for ((i = 1; i < COMP_CWORD; i++)); do
		if [ -n "$skip" ]; then
			skip=
			continue
		fi
		case ${COMP_WORDS[i]} in
		-n | --netns | --config | --inside | --outside | --port | --buffer | --alarm | --policy | --file | --user | --object | --mark | --zone | --size) skip=1 ;;
		-*) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
}

_ctalg()
{
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=()

	COMPREPLY=()
	_ctalg_words
	case $before in
	-n | --netns)
		mapfile -t COMPREPLY < <(compgen -W "$(ls /run/netns 2>/dev/null)" -- "$cur")
		return
		;;
	--inside | --outside | --port | --buffer | --user | --object | --mark | --zone | --size) return ;;
	--alarm)
		mapfile -t COMPREPLY < <(compgen -W "$(_ctalg_arguments monitor)" -- "$cur")
		return
		;;
	--config | --policy | --file)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--json -n --netns --help --version
			$([ ${#words[@]} = 0 ] || _ctalg_options "${words[0]}")" -- "$cur")
	elif [ ${#words[@]} = 0 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ctalg_nouns) help" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -W "$(_ctalg_arguments "${words[@]}")" -- "$cur")
		case ${words[*]} in
		explain* | 'policy check' | 'policy load') mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		esac
	fi
}

complete -F _ctalg ctalg
