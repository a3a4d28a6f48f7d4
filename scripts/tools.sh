# Tools that the checks need. The checks source this file; it installs only what is missing.
#
# Each tool is looked for in this order: installed, available from rustup, packages of Debian and its derivatives.
# CORS_TOOLS=packages leaves rustup out, for machines that reach packages but not rustup's server; `.ci/run` sets it.
# shellcheck shell=bash

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

[ "${BASH_VERSINFO[0]}${BASH_VERSINFO[1]}" -ge 44 ] ||
    fail "bash 4.4 or newer is needed, this is $BASH_VERSION (macOS: brew install bash)"

# Ends the check where the kernel is not Linux: needs_linux WHY
needs_linux() {
    [ "$(uname -s)" = Linux ] || fail "this check runs on Linux only: $*"
}

# Installs what is missing: need NAME:PACKAGE...
# NAME is a command or an absolute path. PACKAGE is Debian's; of `a|b`, the first that the release has.
need() {
    local pair
    for pair in "$@"; do
        # One by one: a nodejs from elsewhere than Debian includes npm.
        if [[ $pair == /* ]]; then [ -e "${pair%%:*}" ]; else command -v "${pair%%:*}" >/dev/null; fi ||
            install_packages "${pair%%:*}" "${pair#*:}"
    done
}

# Installs packages for something that is missing: install_packages WHAT PACKAGE...
install_packages() {
    local what=$1 names=() choice
    shift
    command -v apt-get >/dev/null || fail "missing: $what. Install it and run this again; Debian's package: ${*//|/ or }"
    [ "$(id -u)" = 0 ] || fail "missing: $what. Install it and run this again: sudo apt-get install ${*//|/ or }"
    read_package_lists
    for choice in "$@"; do
        names+=("$(first_carried "$choice")") || fail "missing: $what. This release has no package ${choice//|/ or }"
    done
    echo "installing: ${names[*]}" >&2
    # Two checks may run at once; the second waits for the first.
    DEBIAN_FRONTEND=noninteractive one_at_a_time apt-get install -y -qq --no-install-recommends "${names[@]}" >/dev/null ||
        fail "missing: $what. apt-get cannot install ${names[*]}"
}

# The lists may be outdated or missing; updating once per run is enough.
read_package_lists() {
    [ -n "${package_lists_read:-}" ] || one_at_a_time apt-get update -qq
    package_lists_read=yes
}

# Runs a command while no other check runs one by this function: apt and npm fail where they meet another of their kind.
one_at_a_time() {
    if command -v flock >/dev/null; then
        flock "${TMPDIR:-/tmp}/cors-checks.lock" "$@"
    else
        "$@"
    fi
}

# What a check needs from npm, as its lock file says: need_modules FOLDER
need_modules() {
    [ "$1/node_modules" -nt "$1/package-lock.json" ] && return
    one_at_a_time bash -c '[ "$0/node_modules" -nt "$0/package-lock.json" ] || { npm ci --prefix "$0" --silent --no-audit --no-fund && touch "$0/node_modules"; }' "$1"
}

# Of `a|b`, the first package that the release has.
first_carried() {
    local name
    for name in ${1//|/ }; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    return 1
}

# What `python3 -m venv` needs.
need_venv() {
    need python3:python3
    python3 -c 'import ensurepip' 2>/dev/null || install_packages "ensurepip of python3" python3-venv
}

# Ports that nothing listens on, in one line: free_ports COUNT
free_ports() {
    need python3:python3
    python3 -c 'import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])' "$1"
}

# Packages of PyPI in an environment of their own, FOLDER: need_python FOLDER REQUIREMENTS-FILE, or need_python FOLDER PACKAGE==VERSION...
need_python() {
    local folder=$1 list=${*:2}
    need_venv
    [ ! -f "$list" ] || list=$(grep -v '^#' "$list")
    # What is installed is what was asked for, or is installed anew. Two checks may ask for the same folder.
    [ "$(cat "$folder/installed" 2>/dev/null)" = "$list" ] || one_at_a_time bash -euc '
        [ "$(cat "$0/installed" 2>/dev/null)" != "$1" ] || exit 0
        rm -rf "$0"
        python3 -m venv "$0"
        xargs "$0/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check <<<"$1" >&2
        echo "$1" >"$0/installed"
    ' "$folder" "$list"
}

# Chromium and Firefox, in CHROMIUM and FIREFOX.
need_browsers() {
    CHROMIUM=$(first_of chromium chromium-browser google-chrome) || { need chromium:'chromium|chromium-browser' && CHROMIUM=$(first_of chromium chromium-browser); }
    FIREFOX=$(first_of firefox-esr firefox) || { need firefox-esr:'firefox-esr|firefox' && FIREFOX=$(first_of firefox-esr firefox); }
    export CHROMIUM FIREFOX
}

# The path of the first of these programs that is there.
first_of() {
    local path
    path=$(type -P "$@" | head -n 1)
    [ -n "$path" ] && echo "$path"
}

may_use_rustup() {
    [ "${CORS_TOOLS:-}" != packages ] && command -v rustup >/dev/null
}

# The triple of this machine.
host() {
    rustc -vV | sed -n 's/^host: //p'
}

# Prints the path of a program of LLVM: tool NAME PACKAGE [LEAST]
# PACKAGE is Debian's name without the version. LEAST is the oldest acceptable version of LLVM.
tool() {
    local name=$1 package=$2 least=${3:-0} newest
    find_tool "$name" "$least" && return
    if [ "$package" = llvm ] && may_use_rustup && rustup component add llvm-tools >&2; then
        find_tool "$name" "$least" && return
    fi
    command -v apt-get >/dev/null || install_packages "$name of LLVM $least or newer" "$package"
    read_package_lists
    newest=$(apt-cache search --names-only "^$package-[0-9]+\$" | cut -d' ' -f1 | sort -V | tail -n 1)
    [ "${newest##*-}" -ge "$least" ] 2>/dev/null ||
        fail "missing: $name of LLVM $least or newer. The newest package of this release: ${newest:-none}"
    install_packages "$name" "$newest"
    find_tool "$name" "$least" || fail "package $newest has no $name"
}

# Prints the path of NAME, of NAME-22, or of NAME among the compiler's own programs or in Homebrew's folders: find_tool NAME LEAST
find_tool() {
    local name=$1 least=$2 path version
    while read -r path; do
        [ -x "$path" ] || continue
        version=$("$path" --version 2>/dev/null | grep -oE '(version|LLD) [0-9]+' | head -n 1) || true
        if [ "$least" = 0 ] || [ "${version##* }" -ge "$least" ] 2>/dev/null; then
            echo "$path"
            return
        fi
    done < <(
        # If it is not here, the next place is searched.
        set +e
        type -P "$name"
        compgen -c "$name-" | grep -xE "$name-[0-9]+" | sort -Vru | while read -r path; do type -P "$path"; done
        command -v rustc >/dev/null && echo "$(rustc --print sysroot)/lib/rustlib/$(host)/bin/$name"
        printf '%s\n' {/opt/homebrew,/usr/local}/opt/{llvm,lld}/bin/"$name"
    )
    return 1
}

# From here on `cargo build --target TARGET` works: use_target TARGET
# Sets linker and emulator, and if the compiler does not have the target's library, has Cargo build it. Call it in a
# subshell where another target or the host comes after.
use_target() {
    set_linker "$1"
    has_target "$1" && return
    # Debian's compiler installed next to rustup's: Cargo in /usr/bin uses the first rustc in PATH.
    if (export PATH=/usr/bin:$PATH && has_target "$1"); then
        export PATH=/usr/bin:$PATH
        has_target "$1"
        return
    fi
    if may_use_rustup && rustup target add "$1" >&2; then
        has_target "$1" && return
    fi
    command -v apt-get >/dev/null ||
        fail "missing: a compiler for $1. Run one of these: rustup target add $1, rustup component add rust-src"
    # Debian 12 has a newer compiler package for its browsers.
    install_packages "a compiler for $1" 'rustc-web|rustc' 'cargo-web|cargo' 'rust-web-src|rust-src'
    export PATH=/usr/bin:$PATH
    has_target "$1" ||
        fail "$(rustc --version) of this release cannot build for $1, and $(least_rust) is needed: https://rustup.rs, then rustup target add $1"
}

# Whether the first compiler in PATH is new enough and has the library of a target, or its source for Cargo to build:
# has_target TARGET
has_target() {
    local library
    unset RUSTC_BOOTSTRAP CARGO_UNSTABLE_BUILD_STD
    command -v rustc >/dev/null || return 1
    library=$(rustc --print sysroot)/lib/rustlib
    printf '%s\n' "$(least_rust)" "$(rustc --version | cut -d' ' -f2)" | sort -VC || return 1
    compgen -G "$library/$1/lib/libcore-*.rlib" >/dev/null && return
    [ -d "$library/src/rust/library/core" ] || return 1
    export RUSTC_BOOTSTRAP=1
    case $1 in
        *-none-* | wasm32-unknown-unknown) export CARGO_UNSTABLE_BUILD_STD=core ;;
        *) export CARGO_UNSTABLE_BUILD_STD=std,panic_abort ;;
    esac
}

# The oldest compiler that builds the workspace.
least_rust() {
    sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../Cargo.toml"
}

# Configures Cargo to link for a target and run its programs: set_linker TARGET
set_linker() {
    local target=$1 machine=${1%%-*} linker emulator
    local variable=${target^^}
    variable=CARGO_TARGET_${variable//-/_}
    # The host needs neither.
    [ "$target" != "$(host)" ] || return 0
    case $target in
        *-linux-gnu)
            needs_linux "programs for $target run under QEMU's user emulation"
            need "$machine-linux-gnu-gcc:gcc-${machine/_/-}-linux-gnu"
            case $machine in aarch64) need /usr/aarch64-linux-gnu/lib/libc.so:libc6-dev-arm64-cross ;;
                *) need "/usr/$machine-linux-gnu/lib/libc.so:libc6-dev-$machine-cross" ;; esac
            linker=$machine-linux-gnu-gcc
            need "qemu-$machine:qemu-user"
            emulator="qemu-$machine -L /usr/$machine-linux-gnu"
            export "${variable}_RUNNER=$emulator"
            ;;
        wasm32-*) linker=$(find_tool rust-lld 0) || linker=$(tool wasm-ld lld) || exit ;;
        *) linker=$(find_tool rust-lld 0) || linker=$(tool ld.lld lld) || exit ;;
    esac
    export "${variable}_LINKER=$linker"
}

# From here on Cargo accepts unstable options: with rustup's nightly toolchain, or else with the installed compiler.
use_nightly() {
    if command -v rustup >/dev/null && grep -qE '^nightly-[a-z]' <<<"$(rustup toolchain list)"; then
        export RUSTUP_TOOLCHAIN=nightly
    elif may_use_rustup && rustup toolchain install nightly --profile minimal >&2; then
        export RUSTUP_TOOLCHAIN=nightly
    else
        export RUSTC_BOOTSTRAP=1
    fi
}
