<?php
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
function check($good, $what) { if (!$good) { throw new Exception($what); } }
function connect($password) {
  $db = mysqli_init();
  $db->options(MYSQLI_OPT_LOCAL_INFILE, true);
  $db->real_connect(getenv('HOST'), getenv('USER_NAME'), $password, 'shop', (int) getenv('PORT'));
  $db->set_charset('utf8mb4');
  return $db;
}
$base = (int) getenv('BASE');
try { connect('wrong'); check(false, 'a wrong password was let in'); }
catch (mysqli_sql_exception $e) { check($e->getCode() == 1045, $e->getMessage()); }
$db = connect(getenv('PASSWORD'));
echo "auth\n";
$db->query("INSERT INTO clients VALUES ($base, 'text é')");
check($db->query("SELECT word FROM clients WHERE id = $base")->fetch_row()[0] === 'text é', 'text');
echo "text\n";
$insert = $db->prepare('INSERT INTO clients VALUES (?, ?)');
$id = $base + 3; $word = 'binary';
$insert->bind_param('is', $id, $word); $insert->execute(); $insert->close();
$select = $db->prepare('SELECT word FROM clients WHERE id = ?');
for ($i = 0; $i < 3; $i++) {
  $select->bind_param('i', $id); $select->execute();
  check($select->get_result()->fetch_row()[0] === 'binary', 'prepared');
}
$select->close();
echo "prepared\n";
$db->begin_transaction(); $db->query('INSERT INTO clients VALUES (' . ($base + 1) . ", 'gone')"); $db->rollback();
$db->begin_transaction(); $db->query('INSERT INTO clients VALUES (' . ($base + 2) . ", 'kept')"); $db->commit();
$n = $db->query('SELECT COUNT(*) FROM clients WHERE id IN (' . ($base + 1) . ',' . ($base + 2) . ')')->fetch_row()[0];
check($n == 1, "transaction: $n");
echo "transaction\n";
$db->query("LOAD DATA LOCAL INFILE '" . getenv('FILE') . "' INTO TABLE clients (@n, word) SET id = @n + " . ($base + 100));
check($db->affected_rows == 1000, "loaded $db->affected_rows");
echo "local\n";
$text = str_repeat('y', 17 << 20);
check($db->query("SELECT '$text'")->fetch_row()[0] === $text, 'big');
echo "big\n";
try { $db->query('SELECT 1 FROM nowhere'); check(false, 'no error'); }
catch (mysqli_sql_exception $e) { check($e->getCode() == 1146, $e->getMessage()); }
check($db->query('SELECT 1')->fetch_row()[0] == 1, 'after an error');
echo "error\n";
$db->close();
