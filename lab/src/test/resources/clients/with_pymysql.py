import os, pymysql
env = os.environ
base = int(env['BASE'])


def connect(password):
    return pymysql.connect(host=env['HOST'], port=int(env['PORT']), user=env['USER_NAME'], password=password,
                           database='shop', local_infile=True, max_allowed_packet=64 << 20, autocommit=True)


try:
    connect('wrong')
    raise SystemExit('a wrong password was let in')
except pymysql.err.OperationalError as e:
    assert e.args[0] == 1045, e
db = connect(env['PASSWORD'])
print('auth')
c = db.cursor()
c.execute('INSERT INTO clients VALUES (%s, %s)', (base, 'text é'))
c.execute('SELECT word FROM clients WHERE id = %s', (base,))
assert c.fetchone()[0] == 'text é'
print('text')
# PyMySQL has no binary protocol: prepared by text.
c.execute("PREPARE p FROM 'SELECT word FROM clients WHERE id = ?'")
c.execute('SET @id = %s', (base,))
c.execute('EXECUTE p USING @id')
assert c.fetchone()[0] == 'text é'
c.execute('DEALLOCATE PREPARE p')
print('prepared')
db.begin()
c.execute('INSERT INTO clients VALUES (%s, %s)', (base + 1, 'gone'))
db.rollback()
db.begin()
c.execute('INSERT INTO clients VALUES (%s, %s)', (base + 2, 'kept'))
db.commit()
c.execute('SELECT COUNT(*) FROM clients WHERE id IN (%s, %s)', (base + 1, base + 2))
assert c.fetchone()[0] == 1
print('transaction')
c.execute("LOAD DATA LOCAL INFILE '%s' INTO TABLE clients (@n, word) SET id = @n + %d" % (env['FILE'], base + 100))
assert c.rowcount == 1000, c.rowcount
print('local')
text = 'y' * (17 << 20)
c.execute("SELECT '" + text + "'")
assert c.fetchone()[0] == text
print('big')
try:
    c.execute('SELECT 1 FROM nowhere')
    raise SystemExit('no error')
except pymysql.err.ProgrammingError as e:
    assert e.args[0] == 1146, e
c.execute('SELECT 1')
assert c.fetchone()[0] == 1
print('error')
db.close()
