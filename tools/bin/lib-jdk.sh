# shellcheck shell=bash
# Finds a JDK that is new enough. Sourced by the scripts beside it and by .ci/run.

ANYLEASE_JDK_MIN=25

# Prints the major version of the JVM in home $1, or nothing when there is none. Reads the release file instead of
# starting the JVM, which would cost every command a start.
jdk_major() {
  local version
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  echo "$version"
}

# Sets JDK_HOME to the first suitable JDK, or says what to install and fails. With "jdk" as the first argument a
# runtime without compiler does not count, and Maven's search for a toolchain is told of the one found.
find_jdk() {
  search_jdk "$@" || return 1
  # The toolchains plugin looks at variables of this form, but not at every directory that we look at.
  [ "${1:-jre}" = jre ] || export JAVA${ANYLEASE_JDK_MIN}_HOME="$JDK_HOME"
}

search_jdk() {
  local need=${1:-jre} home on_path major
  if [ -n "${ANYLEASE_JAVA_HOME:-}" ]; then
    # Asked for by name: use this one or fail, never another behind the operator's back.
    major=$(jdk_major "$ANYLEASE_JAVA_HOME")
    if [ -n "$major" ] && [ "$major" -ge "$ANYLEASE_JDK_MIN" ]; then
      JDK_HOME=$ANYLEASE_JAVA_HOME
      return 0
    fi
    echo "ANYLEASE_JAVA_HOME=$ANYLEASE_JAVA_HOME is not a Java $ANYLEASE_JDK_MIN (found: ${major:-none})" >&2
    return 1
  fi
  on_path=$(command -v java || true)
  [ -n "$on_path" ] && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/*; do
    [ -n "$home" ] || continue
    major=$(jdk_major "$home")
    [ -n "$major" ] && [ "$major" -ge "$ANYLEASE_JDK_MIN" ] || continue
    [ "$need" = jre ] || [ -x "$home/bin/javac" ] || continue
    JDK_HOME=$home
    return 0
  done
  cat >&2 <<MESSAGE
Anylease needs a JDK $ANYLEASE_JDK_MIN or newer, and found none in \$JAVA_HOME, on the PATH, in /usr/lib/jvm or in /opt.
  Debian or Ubuntu: install temurin-$ANYLEASE_JDK_MIN-jdk from Adoptium's repository, or openjdk-$ANYLEASE_JDK_MIN-jdk where the release has it.
  Anywhere else:    unpack any JDK $ANYLEASE_JDK_MIN and set ANYLEASE_JAVA_HOME to it.
MESSAGE
  return 1
}
