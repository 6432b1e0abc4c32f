package dev.regent.lab.managed;

import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What a session can leave at its server, and how the next one would notice. */
final class SessionStates {
  private static final List<String> ALL =
      List.of(
          "SET @mine = 5 | SELECT @mine",
          "CREATE TEMPORARY TABLE shop.passing (a INT) | SELECT COUNT(*) FROM shop.passing",
          "INSERT INTO shop.state (v) VALUES (3) | SELECT LAST_INSERT_ID()",
          "SET last_insert_id = 77 | SELECT LAST_INSERT_ID()",
          "SET insert_id = 5000000 | SELECT @@insert_id",
          "SELECT NEXTVAL(shop.numbers) | SELECT LASTVAL(shop.numbers)",
          "SELECT SQL_CALC_FOUND_ROWS seq FROM shop.seq_1_to_9 LIMIT 1 | SELECT FOUND_ROWS()",
          "UPDATE shop.state SET v = v + 1 | SELECT ROW_COUNT()",
          "SELECT 1/0 | SELECT @@warning_count",
          "SELECT nonsense | SELECT @@error_count",
          "SET sql_mode = 'ANSI' | SELECT @@sql_mode",
          "SET NAMES latin1 COLLATE latin1_bin | SELECT CONCAT_WS(',', @@character_set_client,"
              + " @@character_set_results, @@collation_connection)",
          "SET autocommit = 0 | SELECT @@autocommit",
          "SET ROLE strong | SELECT CURRENT_ROLE()",
          "USE information_schema | SELECT DATABASE()",
          "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE | SELECT @@tx_isolation",
          "SET SESSION TRANSACTION READ ONLY | SELECT @@tx_read_only",
          "SET timestamp = 5 | SELECT UNIX_TIMESTAMP() < 100",
          "PREPARE own FROM 'SELECT 1' | EXECUTE own",
          "HANDLER shop.state OPEN | HANDLER state READ FIRST",
          "XA START 'own' | SELECT @@in_transaction",
          "LOCK TABLES shop.state WRITE | SELECT COUNT(*) FROM shop.orders",
          "SELECT GET_LOCK('own', 0) | SELECT IS_USED_LOCK('own')",
          "SET sql_log_bin = 0 | SELECT @@sql_log_bin",
          "SET gtid_domain_id = 5 | SELECT @@gtid_domain_id",
          "SET server_id = 99 | SELECT @@server_id",
          "SET wait_timeout = 33 | SELECT @@wait_timeout",
          "SET time_zone = '+5:00' | SELECT @@time_zone",
          "SET max_statement_time = 7 | SELECT @@max_statement_time",
          "SET profiling = 1 | SELECT @@profiling",
          "SET session_track_schema = 0 | SELECT @@session_track_schema",
          "SET net_write_timeout = 7 | SELECT @@net_write_timeout",
          "SET default_master_connection = 'x' | SELECT @@default_master_connection");

  private SessionStates() {}

  /** A statement, and a question. */
  static List<Arguments> all() {
    return ALL.stream()
        .map(row -> row.split(" \\| ", 2))
        .map(pair -> Arguments.of(pair[0], pair[1]))
        .toList();
  }
}
