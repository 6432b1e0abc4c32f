<?php
function check($good, $what) { if (!$good) { throw new Exception($what); } }
function connect($password) {
  $at = 'mysql:host=' . getenv('HOST') . ';port=' . getenv('PORT') . ';dbname=shop;charset=utf8mb4';
  return new PDO($at, getenv('USER_NAME'), $password, [
    PDO::ATTR_EMULATE_PREPARES => false, PDO::MYSQL_ATTR_LOCAL_INFILE => true]);
}
$base = (int) getenv('BASE');
try { connect('wrong'); check(false, 'a wrong password was let in'); }
catch (PDOException $e) { check($e->getCode() == 1045, $e->getMessage()); }
$db = connect(getenv('PASSWORD'));
echo "auth\n";
$db->exec("INSERT INTO clients VALUES ($base, 'text é')");
check($db->query("SELECT word FROM clients WHERE id = $base")->fetchColumn() === 'text é', 'text');
echo "text\n";
$db->prepare('INSERT INTO clients VALUES (?, ?)')->execute([$base + 3, 'binary']);
$select = $db->prepare('SELECT word FROM clients WHERE id = ?');
for ($i = 0; $i < 3; $i++) {
  $select->execute([$base + 3]);
  check($select->fetchColumn() === 'binary', 'prepared');
  $select->closeCursor();
}
echo "prepared\n";
$db->beginTransaction(); $db->exec('INSERT INTO clients VALUES (' . ($base + 1) . ", 'gone')"); $db->rollBack();
$db->beginTransaction(); $db->exec('INSERT INTO clients VALUES (' . ($base + 2) . ", 'kept')"); $db->commit();
$n = $db->query('SELECT COUNT(*) FROM clients WHERE id IN (' . ($base + 1) . ',' . ($base + 2) . ')')->fetchColumn();
check($n == 1, "transaction: $n");
echo "transaction\n";
$n = $db->exec("LOAD DATA LOCAL INFILE '" . getenv('FILE') . "' INTO TABLE clients (@n, word) SET id = @n + " . ($base + 100));
check($n == 1000, "loaded $n");
echo "local\n";
$text = str_repeat('y', 17 << 20);
$big = $db->prepare('SELECT LENGTH(?)');
$big->execute([$text]);
check($big->fetchColumn() == 17 << 20, 'big');
$big->closeCursor();
echo "big\n";
try { $db->query('SELECT 1 FROM nowhere'); check(false, 'no error'); }
catch (PDOException $e) { check($e->errorInfo[1] == 1146, $e->getMessage()); }
check($db->query('SELECT 1')->fetchColumn() == 1, 'after an error');
echo "error\n";
