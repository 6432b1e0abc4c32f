use strict; use warnings; use utf8; use DBI;
binmode STDOUT, ':utf8';
my $base = $ENV{BASE};
sub connection {
  return DBI->connect("DBI:MariaDB:database=shop;host=$ENV{HOST};port=$ENV{PORT};mariadb_local_infile=1;mariadb_max_allowed_packet=67108864",
    $ENV{USER_NAME}, $_[0], { RaiseError => 1, PrintError => 0, AutoCommit => 1 });
}
eval { connection('wrong'); 1 } and die 'a wrong password was let in';
die $DBI::errstr unless $DBI::err == 1045;
my $db = connection($ENV{PASSWORD});
print "auth\n";
$db->do("INSERT INTO clients VALUES ($base, 'text é')");
my ($word) = $db->selectrow_array("SELECT word FROM clients WHERE id = $base");
die $word unless $word eq 'text é';
print "text\n";
my $insert = $db->prepare('INSERT INTO clients VALUES (?, ?)', { mariadb_server_prepare => 1 });
$insert->execute($base + 3, 'binary');
my $select = $db->prepare('SELECT word FROM clients WHERE id = ?', { mariadb_server_prepare => 1 });
for (1 .. 3) {
  $select->execute($base + 3);
  my ($got) = $select->fetchrow_array;
  die $got unless $got eq 'binary';
  $select->finish;
}
print "prepared\n";
$db->begin_work; $db->do('INSERT INTO clients VALUES (?, ?)', {}, $base + 1, 'gone'); $db->rollback;
$db->begin_work; $db->do('INSERT INTO clients VALUES (?, ?)', {}, $base + 2, 'kept'); $db->commit;
my ($n) = $db->selectrow_array('SELECT COUNT(*) FROM clients WHERE id IN (?, ?)', {}, $base + 1, $base + 2);
die $n unless $n == 1;
print "transaction\n";
$n = $db->do("LOAD DATA LOCAL INFILE '$ENV{FILE}' INTO TABLE clients (\@n, word) SET id = \@n + " . ($base + 100));
die $n unless $n == 1000;
print "local\n";
my $text = 'y' x (17 << 20);
my ($back) = $db->selectrow_array("SELECT '$text'");
die length $back unless $back eq $text;
print "big\n";
eval { $db->do('SELECT 1 FROM nowhere'); 1 } and die 'no error';
die $db->errstr unless $db->err == 1146;
($n) = $db->selectrow_array('SELECT 1');
die unless $n == 1;
print "error\n";
$db->disconnect;
