'use strict';
const assert = require('assert');
const fs = require('fs');
const mysql = require('mysql2/promise');
const env = process.env;
const base = Number(env.BASE);

function connect(password) {
  return mysql.createConnection({
    host: env.HOST, port: Number(env.PORT), user: env.USER_NAME, password, database: 'shop',
    infileStreamFactory: path => fs.createReadStream(path),
  });
}

async function main() {
  await assert.rejects(connect('wrong'), e => e.errno === 1045);
  const db = await connect(env.PASSWORD);
  console.log('auth');
  await db.query('INSERT INTO clients VALUES (?, ?)', [base, 'text é']);
  let [rows] = await db.query('SELECT word FROM clients WHERE id = ?', [base]);
  assert.strictEqual(rows[0].word, 'text é');
  console.log('text');
  await db.execute('INSERT INTO clients VALUES (?, ?)', [base + 3, 'binary']);
  for (let i = 0; i < 3; i++) {
    [rows] = await db.execute('SELECT word FROM clients WHERE id = ?', [base + 3]);
    assert.strictEqual(rows[0].word, 'binary');
  }
  console.log('prepared');
  await db.beginTransaction();
  await db.query('INSERT INTO clients VALUES (?, ?)', [base + 1, 'gone']);
  await db.rollback();
  await db.beginTransaction();
  await db.query('INSERT INTO clients VALUES (?, ?)', [base + 2, 'kept']);
  await db.commit();
  [rows] = await db.query('SELECT COUNT(*) n FROM clients WHERE id IN (?, ?)', [base + 1, base + 2]);
  assert.strictEqual(rows[0].n, 1);
  console.log('transaction');
  const [loaded] = await db.query(
    `LOAD DATA LOCAL INFILE '${env.FILE}' INTO TABLE clients (@n, word) SET id = @n + ${base + 100}`);
  assert.strictEqual(loaded.affectedRows, 1000);
  console.log('local');
  const text = 'y'.repeat(17 << 20);
  [rows] = await db.query("SELECT '" + text + "' AS t");
  assert.ok(rows[0].t === text);
  console.log('big');
  await assert.rejects(db.query('SELECT 1 FROM nowhere'), e => e.errno === 1146);
  [rows] = await db.query('SELECT 1 AS one');
  assert.strictEqual(rows[0].one, 1);
  console.log('error');
  await db.end();
}

main().catch(e => { console.error(e); process.exit(1); });
