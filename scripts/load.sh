# What a request costs a server: wrk on loopback, in alternating pairs, the median of their ratios. The checks named load source this file.
# The busier the machine, the more pairs.
# shellcheck shell=bash

failed=0
pairs=${1:-11} seconds=${2:-2}

# Nanoseconds that all threads of a process have spent.
spent_by() { cat "/proc/$1"/task/*/schedstat | awk '{ spent += $1 } END { printf "%.0f", spent }'; }

# One run: requests per second, and per second of the server's CPU time: measure PROCESS URL WRK_ARGUMENT...
# Any answer other than 2xx stops the check.
measure() {
    local report before after
    before=$(spent_by "$1")
    report=$(wrk --threads 1 --connections 16 --duration "$seconds" "${@:3}" "$2")
    after=$(spent_by "$1")
    ! grep -qE 'Non-2xx|Socket errors' <<<"$report" || { echo "$report" >&2; exit 1; }
    awk -v spent="$((after - before))" '/requests in/ { n = $1 } /^Requests\/sec/ { print $2, n / spent * 1e9 }' <<<"$report"
}

# The median ratios of two servers; the order within a pair alternates, so that a drift favours neither:
# compare TITLE BAR PROCESS URL OTHER_URL WRK_ARGUMENT...
# The target is for requests per second of CPU time: wall-clock time agrees with it only on an otherwise idle machine.
compare() {
    local title=$1 bar=$2 process=$3 one=$4 other=$5 ratios=() a b
    shift 5
    for ((pair = 1; pair <= pairs; pair++)); do
        if ((pair % 2)); then
            a=$(measure "$process" "$one" "$@")
            b=$(measure "$process" "$other" "$@")
        else
            b=$(measure "$process" "$other" "$@")
            a=$(measure "$process" "$one" "$@")
        fi
        ratios+=("$a $b")
    done
    printf '%s\n' "${ratios[@]}" | awk -v title="$title" -v bar="$bar" '
        function median(r,    i, j, t) {
            for (i = 1; i <= NR; i++) for (j = i + 1; j <= NR; j++) if (r[j] < r[i]) { t = r[i]; r[i] = r[j]; r[j] = t }
            return (r[int((NR + 1) / 2)] + r[int(NR / 2) + 1]) / 2
        }
        { clock[NR] = $1 / $3; processor[NR] = $2 / $4; rate[NR] = $3 }
        END {
            measured = median(processor)
            printf "%-50s %.3f by CPU time, at least %s; %.3f by wall-clock time, the other %.0f per second\n", title, measured, bar, median(clock), median(rate)
            exit !(measured >= bar)
        }' || failed=1
}
