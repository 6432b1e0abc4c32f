# Finds a JDK by reading files, without starting one. Sourced by regent and test.

readonly JDK_WANTED=25

# Is folder $1 a JDK that is new enough? Sets JDK_VERSION.
is_jdk() {
  [[ -x $1/bin/javac && -r $1/release ]] || return 1
  local line
  while read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"?([0-9]+) ]]; then
      JDK_VERSION=${BASH_REMATCH[1]}
      ((JDK_VERSION >= JDK_WANTED))
      return
    fi
  done <"$1/release"
  return 1
}

# Sets JDK_PLACES: the folders where distributions and tools put their JDKs.
jdk_places() {
  local home=${HOME:-/nonexistent}
  JDK_PLACES=(/usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/*jdk* /usr/local/*jdk*
    "$home"/.sdkman/candidates/java/* "$home"/.jdks/*)
}

# Sets JDK_HOME: what the user named, else the one in use, else the oldest installed one that is new enough.
find_jdk() {
  local place best=
  JDK_HOME=
  if [[ -n ${REGENT_JAVA_HOME:-} ]]; then
    if is_jdk "$REGENT_JAVA_HOME"; then
      JDK_HOME=$REGENT_JAVA_HOME
      return 0
    fi
    printf 'regent: REGENT_JAVA_HOME=%s is not a JDK %s or newer.\n' "$REGENT_JAVA_HOME" "$JDK_WANTED" >&2
    return 1
  fi
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk "$JAVA_HOME"; then
    JDK_HOME=$JAVA_HOME
    return 0
  fi
  if place=$(type -P javac) && place=$(readlink -f -- "$place") && is_jdk "${place%/bin/javac}"; then
    JDK_HOME=${place%/bin/javac}
    return 0
  fi
  jdk_places
  for place in "${JDK_PLACES[@]}"; do
    if is_jdk "$place" && ((JDK_VERSION < ${best:-9999})); then
      best=$JDK_VERSION JDK_HOME=$place
    fi
  done
  [[ -n $JDK_HOME ]] && return 0
  jdk_advice >&2
  return 1
}

# Prints how to get a JDK on the distribution that file $1 describes.
jdk_advice() {
  local ID='' ID_LIKE='' VERSION_ID='' NAME='' PRETTY_NAME='' how=''
  [[ ! -r ${1:-/etc/os-release} ]] || . "${1:-/etc/os-release}"
  local version=${VERSION_ID%%.*}
  case " $ID $ID_LIKE " in
  *' ubuntu '*) how='apt install openjdk-25-jdk-headless' ;;
  # Debian has it from 13 on; testing and unstable have no number.
  *' debian '*) ((${version:-13} < 13)) || how='apt install openjdk-25-jdk-headless' ;;
  *' fedora '* | *' rhel '*) how='dnf install java-25-openjdk-devel' ;;
  esac
  if [[ -n $how ]]; then
    printf 'regent: needs JDK %s or newer: run "%s" as root, or set REGENT_JAVA_HOME.\n' "$JDK_WANTED" "$how"
  else
    printf 'regent: needs JDK %s or newer: on %s unpack one from https://adoptium.net into ~/.jdks, or set REGENT_JAVA_HOME.\n' \
      "$JDK_WANTED" "${PRETTY_NAME:-this system}"
  fi
}
