#!/bin/sh
# Runs inside the image while it is made: the user and the directories that Debian's full server package would bring.
set -eu
groupadd --system --gid 999 mysql
useradd --system --uid 999 --gid mysql --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin mysql
install -d -o mysql -g mysql -m 0750 /var/lib/mysql
install -d -o mysql -g mysql -m 0755 /run/mysqld
