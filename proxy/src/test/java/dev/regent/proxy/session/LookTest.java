package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.session.Statement.Kind;
import dev.regent.proxy.wire.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT a FROM t | READ",
        "select count(*), max(a) from t where b in (1, 2) | READ",
        "/* a comment */ SELECT 'x;y', \"@a\", `into` FROM t -- FOR UPDATE | READ",
        "SELECT @@version | READ",
        "SELECT 1; | READ",
        "SHOW TABLES | READ",
        "SHOW WARNINGS | CHANGE",
        "SELECT a FROM t FOR UPDATE | CHANGE",
        "SELECT a FROM t LOCK IN SHARE MODE | CHANGE",
        "SELECT f(a) FROM t | CHANGE",
        "SELECT f (a) FROM t | CHANGE",
        "SELECT last_insert_id() | CHANGE",
        "SELECT NEXT VALUE FOR s | CHANGE",
        "SELECT a INTO OUTFILE 'x' FROM t | CHANGE",
        "SELECT @a | CHANGE",
        "INSERT INTO t VALUES (1) | CHANGE",
        "SELECT 1; SELECT 2 | OTHER",
        "UPDATE t SET a=1; COMMIT | OTHER",
        "/*! COMMIT */ | OTHER",
        "/*M!100000 SELECT */ 1 | OTHER",
        "SET STATEMENT max_statement_time=1 FOR SELECT 1 | OTHER",
        "WITH x AS (SELECT 1) DELETE FROM t | OTHER",
        "BEGIN | BEGIN",
        "START TRANSACTION READ ONLY | BEGIN",
        "START SLAVE | OTHER",
        "BEGIN NOT ATOMIC DELETE FROM t | OTHER",
        "ROLLBACK | ROLLBACK",
        "ROLLBACK TO SAVEPOINT a | CHANGE",
        "COMMIT | OTHER",
        "UNLOCK TABLES | UNLOCK",
        "CALL p() | OTHER",
        "'' | OTHER"
      })
  void kindIsSeen(String sql, Kind kind) {
    assertThat(look(sql).kind()).as(sql).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SET NAMES utf8mb4 COLLATE utf8mb4_bin | utf8mb4_bin",
        "set names 'utf8mb4' collate 'utf8mb4_bin', sql_mode='' | utf8mb4_bin",
        "SET NAMES utf8mb4 | ~~"
      })
  void collationOfNamesIsSeen(String sql, String collation) {
    assertThat(look(sql).names()).contains(collation);
  }

  @Test
  void otherCollationsAreNotThoseOfNames() {
    assertThat(look("SELECT a COLLATE utf8mb4_bin FROM t").names()).isEmpty();
  }

  @Test
  void nothingIsTooShortOrUnfinished() {
    for (String sql : new String[] {"", "'", "/*", "`a", "@", "SELECT '\\", "--", ";", "/*!"}) {
      assertThat(look(sql).kind()).as(sql).isNotNull();
    }
  }

  private static Statement look(String sql) {
    Bytes bytes = Bytes.of(sql.getBytes(StandardCharsets.UTF_8));
    return Look.at(bytes, 0, bytes.length());
  }
}
