#!/usr/bin/perl
# Asks a resolver for names, one question after the other, and prints the time of each answer in milliseconds.
# Perl, because it is on every Debian and adds a tenth of what a Node client adds to each measurement.
#
#   one-by-one.pl ADDRESS PORT SECONDS NAME...
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time);

my ($address, $port, $seconds, @names) = @ARGV;
socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!";
setsockopt($socket, SOL_SOCKET, SO_RCVTIMEO, pack('q q', 2, 0)) or die "setsockopt: $!";
connect($socket, sockaddr_in($port, inet_aton($address))) or die "connect: $!";

my $end = time + $seconds;
for (my $id = 1; time < $end; $id = $id % 65535 + 1) {
  my $name = $names[$id % @names];
  # One question, recursion desired: an A record, class IN (RFC 1035, section 4).
  my $query = pack('n6 C/a* C n2', $id, 0x0100, 1, 0, 0, 0, $name, 0, 1, 1);
  my $begin = time;
  send($socket, $query, 0) or die "send: $!";
  defined recv($socket, my $answer, 512, 0) or die "no answer for $name: $!";
  my $took = time - $begin;
  unpack('n', $answer) == $id or die "an answer to another question";
  printf "%.4f\n", $took * 1000;
}
