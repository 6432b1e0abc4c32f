# Builds what is missing or stale. Sourced by regent and test; needs REGENT_HOME and JDK_HOME.
# target/built-MODULE is as old as the start of the last build that succeeded for that module.

# Sets SOURCES: what the jars of module $1 are made from.
sources_of() {
  local module modules
  case $1 in
  sim) modules='core proxy sim' ;;
  cli) modules='core proxy sim server cli' ;;
  lab) modules='core proxy sim server cli lab' ;;
  bench) modules='core proxy sim server cli lab bench' ;;
  esac
  SOURCES=("$REGENT_HOME/pom.xml")
  for module in $modules; do
    SOURCES+=("$REGENT_HOME/$module/pom.xml" "$REGENT_HOME/$module/src/main")
  done
}

# Is module $1 there at all?
is_built() {
  [[ -r $REGENT_HOME/$1/target/classpath.txt ]]
}

# Is module $1 built from the sources as they are? (A removed file shows in the time of its folder.)
is_fresh() {
  is_built "$1" && [[ -e $REGENT_HOME/target/built-$1 ]] || return 1
  sources_of "$1"
  [[ -z $(find "${SOURCES[@]}" -newer "$REGENT_HOME/target/built-$1" -print -quit) ]]
}

# Runs Maven with arguments $2... and marks the modules named in $1 as built where it succeeds.
maven() {
  local started module modules=$1
  started=$(date +%s.%N)
  shift
  (cd "$REGENT_HOME" && JAVA_HOME=$JDK_HOME ./mvnw -B -ntp "$@") || return
  for module in $modules; do
    touch -d "@$started" "$REGENT_HOME/target/built-$module"
  done
}

# Makes sure that module $1 can run. REGENT_NO_BUILD takes what is there, so that tests can start Regent during a build.
ensure_built() {
  if [[ -n ${REGENT_NO_BUILD:-} || ! -w $REGENT_HOME ]]; then
    is_built "$1" && return 0
    printf 'regent: %s is not built, and must not or cannot be built now.\n' "$REGENT_HOME/$1" >&2
    return 1
  fi
  is_fresh "$1" || one_at_a_time build "$1"
}

# Runs $@ while no other launcher does.
one_at_a_time() {
  mkdir -p "$REGENT_HOME/target" || return 1
  (
    if type -P flock >/dev/null && ! flock -n 9; then
      printf 'regent: waiting for another build to end\n' >&2
      flock 9
    fi
    "$@"
  ) 9>"$REGENT_HOME/target/build.lock"
}

# Builds module $1 without its tests, one line of progress per module. Another launcher may have done it meanwhile.
build() {
  local line log=$REGENT_HOME/target/build.log
  is_fresh "$1" && return 0
  is_built "$1" || printf 'regent: the first build fetches what it needs and takes a few minutes\n' >&2
  if ! maven "$1" package -pl "$1" -am -Dmaven.test.skip=true </dev/null 2>&1 9>&- |
    while IFS= read -r line; do
      printf '%s\n' "$line"
      [[ $line =~ Building\ Regent\ ([a-z]+)\ .*(\[.*\]) ]] || continue
      printf 'regent: building %s %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
    done >"$log"; then
    grep -E '^(\[ERROR\]|[Ee]rror)' "$log" | head -n 20 >&2
    printf 'regent: the build failed; all that it said is in %s\n' "$log" >&2
    return 1
  fi
}
