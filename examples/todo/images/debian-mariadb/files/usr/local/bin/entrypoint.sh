#!/bin/sh
# Starts MariaDB, and on the first start makes the data directory from the environment:
#   MARIADB_ROOT_PASSWORD             required
#   MARIADB_DATABASE                  made when given
#   MARIADB_USER, MARIADB_PASSWORD    a user with every right on that database
# A first start that was interrupted leaves a marker, and the next one begins it anew.
set -eu

data=/var/lib/mysql
unfinished=$data/.unfinished

main() {
  # Anything but the server (a shell, a client) runs as it is.
  [ "${1:-}" = mariadbd ] || exec "$@"
  # As process 1 the shell would ignore the signal; it takes effect when the step at hand is over.
  trap 'exit 143' TERM INT
  if [ ! -d "$data/mysql" ] || [ -e "$unfinished" ]; then initialise; fi
  exec "$@" --user=mysql --datadir="$data" --skip-name-resolve
}

initialise() {
  : "${MARIADB_ROOT_PASSWORD:?must be set for the first start}"
  echo 'making the data directory' >&2
  touch "$unfinished"
  find "$data" -mindepth 1 ! -path "$unfinished" -delete
  chown mysql:mysql "$data"
  # Forced: it would look up its own host name with a program that Debian keeps in another package.
  said=$(mariadb-install-db --user=mysql --datadir="$data" --force --skip-test-db \
    --auth-root-authentication-method=normal 2>&1) || { echo "$said" >&2 && exit 1; }
  accounts | mariadbd --user=mysql --datadir="$data" --bootstrap --silent-startup
  rm "$unfinished"
  echo 'the data directory is ready' >&2
}

# The statements that make database and users. A new data directory has roots without a password for several hosts:
# only the local one stays. Accounts can be changed once the grant tables are loaded, which FLUSH does.
accounts() {
  cat <<SQL
DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';
DELETE FROM mysql.proxies_priv WHERE Host <> 'localhost';
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "'" "$MARIADB_ROOT_PASSWORD");
SQL
  [ -n "${MARIADB_DATABASE:-}" ] || return 0
  database=$(quoted '`' "$MARIADB_DATABASE")
  echo "CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4;"
  [ -n "${MARIADB_USER:-}" ] || return 0
  : "${MARIADB_PASSWORD:?must be set when MARIADB_USER is}"
  user="$(quoted "'" "$MARIADB_USER")@'%'"
  cat <<SQL
CREATE USER IF NOT EXISTS $user IDENTIFIED BY $(quoted "'" "$MARIADB_PASSWORD");
GRANT ALL PRIVILEGES ON $database.* TO $user;
SQL
}

# quoted MARK TEXT: the text as SQL writes it, a string between ' and a name between `.
quoted() {
  printf '%s%s%s' "$1" "$(printf %s "$2" | sed -e 's/\\/\\\\/g' -e "s/$1/$1$1/g")" "$1"
}

main "$@"
