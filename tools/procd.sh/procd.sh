# procd.sh: the functions with which init scripts describe their processes. Read by rc.common; POSIX sh and local.
# SPDX-License-Identifier: Apache-2.0

# ---- JSON, built without a process -----------------------------------------------------------------------------------
# _J holds the members of what is open, _Jt its kind; what encloses it lies in variables numbered by depth.

json_init() { _J='' _Jt=object _Jd=0; }

# _json_quote TEXT: into _Q, with its quotes
_json_quote() {
	case $1 in
		*[!\ !#-[\]-~]*) _json_escape "$1" ;;
		*) _Q="\"$1\"" ;;
	esac
}

_json_escape() {
	local rest="$1" head char
	[ -n "${_Jcontrols-}" ] || {
		_Jcontrols=$(printf '\001\002\003\004\005\006\007\010\011\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\177')
		_Jnewline='
'
		_Jtab=$(printf '\t')
	}
	_Q=\"
	while :; do
		head=${rest%%[\\\"$_Jnewline$_Jcontrols]*}
		_Q=$_Q$head
		[ "$head" != "$rest" ] || break
		rest=${rest#"$head"}
		char=${rest%"${rest#?}"}
		rest=${rest#?}
		case $char in
			[\\\"]) _Q="$_Q\\$char" ;;
			"$_Jnewline") _Q="$_Q\\n" ;;
			"$_Jtab") _Q="$_Q\\t" ;;
			*) _Q="$_Q$(printf '\\u%04x' "'$char")" ;;
		esac
	done
	_Q=$_Q\"
}

# _json_add NAME JSON: in an object under that name, in an array as the next element
_json_add() {
	if [ "$_Jt" = object ]; then
		_json_quote "$1"
		_J="${_J:+$_J,}$_Q:$2"
	else
		_J="${_J:+$_J,}$2"
	fi
}

# _json_push NAME KIND, _json_pop
_json_push() {
	eval "_J_$_Jd=\$_J _Jt_$_Jd=\$_Jt _Jn_$_Jd=\$1"
	_Jd=$((_Jd + 1)) _J='' _Jt=$2
}

_json_pop() {
	local json
	[ "$_Jd" -gt 0 ] || return 0
	if [ "$_Jt" = object ]; then json="{$_J}"; else json="[$_J]"; fi
	_Jd=$((_Jd - 1))
	eval "_J=\$_J_$_Jd _Jt=\$_Jt_$_Jd"
	eval "_json_add \"\$_Jn_$_Jd\" \"\$json\""
}

json_add_object() { _json_push "${1-}" object; }
json_close_object() { _json_pop; }
json_add_array() { _json_push "${1-}" array; }
json_close_array() { _json_pop; }
json_add_string() { _json_quote "${2-}"; _json_add "$1" "$_Q"; }
json_add_null() { _json_add "$1" null; }
json_add_double() { _json_add "$1" "${2:-0}"; }

# _json_int TEXT: into _S, as JSON has whole numbers; 0 for what is none. Without arithmetic, to which 08 is an error.
_json_int() {
	local digits="${1#[-+]}"
	case $digits in
		'' | *[!0-9]*) _S=0; return ;;
	esac
	while :; do
		case $digits in
			0?*) digits=${digits#0} ;;
			*) break ;;
		esac
	done
	case $1 in -*) _S=-$digits ;; *) _S=$digits ;; esac
}

json_add_int() { _json_int "${2-}"; _json_add "$1" "$_S"; }

json_add_boolean() {
	case ${2-} in
		true) _json_add "$1" true ;;
		'' | 0 | *[!0-9]*) _json_add "$1" false ;;
		*) _json_add "$1" true ;;
	esac
}

# Closes what is open, and writes it.
json_dump() {
	while [ "$_Jd" -gt 0 ]; do _json_pop; done
	printf '%s\n' "{$_J}"
}

# ---- the bus ---------------------------------------------------------------------------------------------------------

_procd_call() {
	[ -z "${PROCD_DEBUG-}" ] || [ "$1" = list ] || printf '%s\n' "$2" >&2
	if [ "$1" = list ]; then
		ubus -S call service list "$2"
	else
		ubus call service "$1" "$2"
	fi
}

# _procd_list NAME: what is registered under that name, in one line, into _L
_procd_list() {
	_json_quote "$1"
	_L=$(_procd_call list "{\"name\":$_Q}")
}

# _procd_count TEXT: how often it stands in _L, into _N
_procd_count() {
	local rest="$_L"
	_N=0
	while :; do
		case $rest in
			*"$1"*) rest=${rest#*"$1"} _N=$((_N + 1)) ;;
			*) return ;;
		esac
	done
}

# ---- services and instances ------------------------------------------------------------------------------------------

procd_open_service() {
	_procd_name=$1 _procd_script=${2-}
	_procd_count_instances=0 _procd_trigger_depth=0 _procd_validate_depth=0 _procd_data_depth=0
	_procd_validators='' _procd_validates='' _procd_in_instance='' _P_types=''
	json_init
	json_add_string name "$1"
	[ -z "${2-}" ] || json_add_string script "$2"
	json_add_object instances
}

procd_close_service() {
	local method="${1:-set}" status=0 json
	json_close_object
	procd_open_trigger
	service_triggers
	procd_close_trigger
	# An empty array, too: it takes those away that were there.
	[ -z "$_procd_validates" ] || _json_add validate "[$_procd_validators]"
	if command -v service_data > /dev/null 2>&1; then
		procd_open_data
		service_data
		procd_close_data
	fi
	while [ "$_Jd" -gt 0 ]; do _json_pop; done
	json="{$_J}"
	json_init
	_procd_call "$method" "$json" || status=$?
	return "$status"
}

procd_open_instance() {
	_procd_count_instances=$((_procd_count_instances + 1))
	_procd_in_instance=1 _P_types='' _procd_jail='' _procd_jail_mounts=''
	json_add_object "${1:-instance$_procd_count_instances}"
	[ -z "${TRACE_SYSCALLS-}" ] || json_add_boolean trace 1
}

procd_close_instance() {
	local type value
	for type in $_P_types; do
		eval "value=\$_P_$type"
		case $type in
			respawn)
				[ -n "$value" ] || { _procd_respawn_defaults; value=$_R; }
				_json_add respawn "[$value]" ;;
			command | netdev | file | watch | watchdog | error) _json_add "$type" "[$value]" ;;
			env | limits | data) _json_add "$type" "{$value}" ;;
			*) _json_add "$type" "$value" ;;
		esac
	done
	[ -z "$_procd_jail" ] || _json_add jail "{$_procd_jail${_procd_jail_mounts:+,\"mount\":{$_procd_jail_mounts\}}}"
	_procd_in_instance='' _P_types=''
	json_close_object
}

procd_add_instance() {
	procd_open_instance
	procd_set_param command "$@"
	procd_close_instance
}

# The values for a respawn without any: those of the first service section of the package system, or these.
_procd_respawn_defaults() {
	local threshold=3600 timeout=5 retry=5 line
	if [ -e "${PERPETUA_ROOT-}/etc/config/system" ]; then
		while IFS= read -r line; do
			case $line in
				*.respawn_threshold=*) line=${line#*=\'} threshold=${line%\'} ;;
				*.respawn_timeout=*) line=${line#*=\'} timeout=${line%\'} ;;
				*.respawn_retry=*) line=${line#*=\'} retry=${line%\'} ;;
			esac
		done <<-X
			$(uci -q show 'system.@service[0]')
		X
	fi
	_procd_strings "$threshold" "$timeout" "$retry"
	_R=$_S
}

# _procd_strings TEXT...: as elements of an array, into _S
_procd_strings() {
	local text
	_S=''
	for text; do
		_json_quote "$text"
		_S="${_S:+$_S,}$_Q"
	done
}

# _procd_pairs NAME=VALUE...: as members of a table, into _S; an empty word ends them
_procd_pairs() {
	local pair name value
	_S=''
	for pair; do
		[ -n "$pair" ] || return 0
		name=${pair%%=*} value=''
		[ "$name" = "$pair" ] || value=${pair#*=}
		_json_quote "$name"
		_S="${_S:+$_S,}$_Q:"
		_json_quote "$value"
		_S=$_S$_Q
	done
}

# _procd_signal NAME: its number, into _S; empty for a name that is none
_procd_signal() {
	case ${1#SIG} in
		'' | *[!0-9]*) ;;
		*) _json_int "$1"; return ;;
	esac
	case ${1#SIG} in
		HUP) _S=1 ;; INT) _S=2 ;; QUIT) _S=3 ;; ILL) _S=4 ;; TRAP) _S=5 ;; ABRT) _S=6 ;; BUS) _S=7 ;; FPE) _S=8 ;;
		KILL) _S=9 ;; USR1) _S=10 ;; SEGV) _S=11 ;; USR2) _S=12 ;; PIPE) _S=13 ;; ALRM) _S=14 ;; TERM) _S=15 ;;
		CHLD) _S=17 ;; CONT) _S=18 ;; STOP) _S=19 ;; TSTP) _S=20 ;; TTIN) _S=21 ;; TTOU) _S=22 ;; URG) _S=23 ;;
		XCPU) _S=24 ;; XFSZ) _S=25 ;; VTALRM) _S=26 ;; PROF) _S=27 ;; WINCH) _S=28 ;; IO | POLL) _S=29 ;;
		PWR) _S=30 ;; SYS) _S=31 ;;
		*) _S='' ;;
	esac
}

_procd_set_type() {
	case " $_P_types " in *" $1 "*) ;; *) _P_types="$_P_types $1" ;; esac
	eval "_P_$1=\$_S"
}

procd_set_param() {
	local type="$1"
	shift
	case $type in
		command | netdev | file | respawn | watch | watchdog) _procd_strings "$@" ;;
		env | limits | data) _procd_pairs "$@" ;;
		error) _procd_strings "${1-}" ;;
		nice | term_timeout) _json_int "${1-}" ;;
		reload_signal)
			_procd_signal "${1-}"
			[ -n "$_S" ] || return 0 ;;
		stdout | stderr | no_new_privs)
			case ${1-} in '' | 0 | *[!0-9]*) _S=false ;; *) _S=true ;; esac ;;
		pidfile | user | group | facility | seccomp | capabilities | extroot | overlaydir | tmpoverlaysize | vrf)
			_json_quote "${1-}"
			_S=$_Q ;;
		*) return 0 ;;
	esac
	_procd_set_type "$type"
}

procd_append_param() {
	local type="$1" before
	case " $_P_types " in
		*" $type "*) ;;
		*) procd_set_param "$@"; return ;;
	esac
	shift
	case $type in
		command | netdev | file | respawn | watch | watchdog) _procd_strings "$@" ;;
		env | limits | data) _procd_pairs "$@" ;;
		*) return 0 ;;
	esac
	eval "before=\$_P_$type"
	[ -z "$_S" ] || eval "_P_$type=\"\${before:+\$before,}\$_S\""
}

# The data of the instance that is open, or of the service.
procd_open_data() {
	_procd_data_depth=$((_procd_data_depth + 1))
	[ "$_procd_data_depth" -gt 1 ] || json_add_object data
}

procd_close_data() {
	_procd_data_depth=$((_procd_data_depth - 1))
	[ "$_procd_data_depth" -eq 0 ] || return 0
	if [ -z "$_procd_in_instance" ]; then
		json_close_object
		return 0
	fi
	# With what procd_set_param has put there.
	local before='' added="$_J"
	case " $_P_types " in *" data "*) before=$_P_data ;; esac
	_Jd=$((_Jd - 1))
	eval "_J=\$_J_$_Jd _Jt=\$_Jt_$_Jd"
	_S="$before${before:+${added:+,}}$added"
	_procd_set_type data
}

procd_add_mdns_service() {
	local service="$1" proto="$2" port="$3" text
	shift 3
	json_add_object "${service}_$port"
	json_add_string service "_$service._$proto.local"
	json_add_int port "$port"
	if [ -n "${1-}" ]; then
		json_add_array txt
		for text; do json_add_string '' "$text"; done
		json_close_array
	fi
	json_close_object
}

procd_add_mdns() {
	procd_open_data
	json_add_object mdns
	procd_add_mdns_service "$@"
	json_close_object
	procd_close_data
}

procd_add_jail() {
	local flag
	_json_quote "$1"
	_procd_jail="\"name\":$_Q"
	shift
	for flag; do
		case $flag in
			log | ubus | procfs | sysfs | ronly | requirejail | netns | userns | cgroupsns | immutable)
				_procd_jail="$_procd_jail,\"$flag\":true" ;;
		esac
	done
}

_procd_mounts() {
	local mode="$1" path
	shift
	for path; do
		_json_quote "$path"
		_procd_jail_mounts="${_procd_jail_mounts:+$_procd_jail_mounts,}$_Q:\"$mode\""
	done
}

procd_add_jail_mount() { _procd_mounts 0 "$@"; }
procd_add_jail_mount_rw() { _procd_mounts 1 "$@"; }

# ---- triggers --------------------------------------------------------------------------------------------------------

PROCD_RELOAD_DELAY=1000

procd_open_trigger() {
	_procd_trigger_depth=$((_procd_trigger_depth + 1))
	[ "$_procd_trigger_depth" -gt 1 ] || json_add_array triggers
}

procd_close_trigger() {
	_procd_trigger_depth=$((_procd_trigger_depth - 1))
	[ "$_procd_trigger_depth" -gt 0 ] || json_close_array
}

# _procd_trigger EVENT CONDITION MS COMMAND...: the condition as JSON, empty for none
_procd_trigger() {
	local event="$1" condition="$2" delay="$3" program
	shift 3
	_procd_strings run_script "$@"
	program="[$_S]"
	if [ -n "$condition" ]; then program="[\"if\",$condition,$program]"; else program="[$program]"; fi
	_json_int "$delay"
	case $_S in -*) _S=0 ;; esac
	delay=$_S
	# Without a condition the delay is what the caller says; with one, none is the standard delay taken away.
	[ "$delay" != 0 ] || [ -z "$condition" ] || delay=''
	_json_quote "$event"
	_json_add '' "[$_Q,$program${delay:+,$delay}]"
}

# _procd_if NAME VALUE EVENT COMMAND...
_procd_if() {
	local name="$1" value="$2" event="$3"
	shift 3
	_procd_strings eq "$name" "$value"
	_procd_trigger "$event" "[$_S]" "$PROCD_RELOAD_DELAY" "$@"
}

procd_add_config_trigger() {
	local event="$1" config="$2"
	shift 2
	procd_open_trigger
	_procd_if package "$config" "$event" "$@"
	procd_close_trigger
}

procd_add_interface_trigger() {
	local event="$1" interface="$2"
	shift 2
	procd_open_trigger
	_procd_if interface "$interface" "$event" "$@"
	procd_close_trigger
}

procd_add_raw_trigger() {
	local event="$1" delay="$2"
	shift 2
	procd_open_trigger
	_procd_trigger "$event" '' "$delay" "$@"
	procd_close_trigger
}

# The script of the service, wherever it was called from.
_procd_reloader() { _S=${PERPETUA_ROOT-}${IPKG_INSTROOT-}/etc/init.d/$_procd_name; }

procd_add_reload_trigger() {
	local config script
	_procd_reloader
	script=$_S
	procd_open_trigger
	for config; do _procd_if package "$config" config.change "$script" reload; done
	procd_close_trigger
}

procd_add_reload_interface_trigger() {
	_procd_reloader
	procd_add_interface_trigger 'interface.*' "$1" "$_S" reload
}

procd_add_reload_data_trigger() {
	local key script
	_procd_reloader
	script=$_S
	procd_open_trigger
	for key; do _procd_if name "$key" service.data.update "$script" reload; done
	procd_close_trigger
}

procd_add_mount_trigger() {
	local event="$1" action="$2" target condition=''
	shift 2
	[ $# -gt 0 ] || return 0
	for target; do
		_procd_strings eq target "$target"
		condition="${condition:+$condition,}[$_S]"
	done
	[ $# -eq 1 ] || condition="[\"or\",$condition]"
	_procd_reloader
	procd_open_trigger
	_procd_trigger "$event" "$condition" "$PROCD_RELOAD_DELAY" "$_S" "$action"
	procd_close_trigger
}

# There is no list of mount points here: none is found, nothing is added.
procd_get_mountpoints() { :; }
procd_add_action_mount_trigger() { :; }
procd_add_restart_mount_trigger() { :; }
procd_add_reload_mount_trigger() { :; }

# ---- validation ------------------------------------------------------------------------------------------------------

# What is added in between goes beside the triggers, not among them.
procd_open_validate() {
	_procd_validate_depth=$((_procd_validate_depth + 1))
	[ "$_procd_validate_depth" -gt 1 ] || _json_push validate array
}

procd_close_validate() {
	_procd_validate_depth=$((_procd_validate_depth - 1))
	[ "$_procd_validate_depth" -eq 0 ] || return 0
	[ -z "$_J" ] || _procd_validators="${_procd_validators:+$_procd_validators,}$_J"
	_procd_validates=1
	_Jd=$((_Jd - 1))
	eval "_J=\$_J_$_Jd _Jt=\$_Jt_$_Jd"
}

procd_add_validation() {
	local function
	for function; do
		procd_open_validate
		"$function"
		procd_close_validate
	done
}

uci_validate_section() {
	local _procd_assignments _procd_status=0
	_procd_assignments=$(validate_data "$@" 2> /dev/null) || _procd_status=$?
	eval "$_procd_assignments"
	[ "$_procd_status" -eq 0 ] || validate_data "$@" > /dev/null
	return "$_procd_status"
}

uci_load_validate() {
	local _procd_config="$1" _procd_type="$2" _procd_section="$3" _procd_function="$4" _procd_option _procd_result=0
	shift 4
	for _procd_option; do
		case ${_procd_option%%:*} in
			'' | [0-9]* | *[!A-Za-z0-9_]*) ;;
			*) local "${_procd_option%%:*}"; unset -v "${_procd_option%%:*}" ;;
		esac
	done
	uci_validate_section "$_procd_config" "$_procd_type" "$_procd_section" "$@" || _procd_result=$?
	[ -n "$_procd_function" ] || return "$_procd_result"
	"$_procd_function" "$_procd_section" "$_procd_result"
}

# One action of a script at a time: rc.common sees to that, before the script is read.
procd_lock() { return 0; }

# ---- control and queries ---------------------------------------------------------------------------------------------

procd_kill() {
	_json_quote "$1"
	local json="{\"name\":$_Q"
	if [ -n "${2-}" ]; then
		_json_quote "$2"
		json="$json,\"instance\":$_Q"
	fi
	_procd_call delete "$json}"
}

procd_running() {
	_procd_list "$1" || return
	local which=''
	case ${2-} in
		'' | '*') ;;
		*) _json_quote "$2"; which=$_Q ;;
	esac
	case $_L in
		*"$which"':{"running":true,"pid":'*) return 0 ;;
	esac
	return 1
}

procd_send_signal() {
	_procd_signal "${3:-HUP}"
	[ -n "$_S" ] || return 0
	local json="\"signal\":$_S"
	_json_quote "$1"
	json="{\"name\":$_Q,$json"
	case ${2-} in
		'' | '*') ;;
		*) _json_quote "$2"; json="$json,\"instance\":$_Q" ;;
	esac
	# What is not there has been said: a script goes on, but not without a bus.
	_procd_call signal "$json}" || [ $? -ne 255 ]
}

procd_set_config_changed() {
	_json_quote "$1"
	_procd_call event "{\"type\":\"config.change\",\"data\":{\"package\":$_Q}}"
}
