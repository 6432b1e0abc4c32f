package dev.regent.proxy.text;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The words that {@link Look} knows, found by their bytes without a {@link String} being made. All
 * others are {@link #UNKNOWN}: before a bracket they call what somebody has stored.
 */
enum Word {
  /** No word at all. */
  NONE,
  UNKNOWN,
  /** Means something only before a bracket, and changes nothing there. */
  HARMLESS,
  /** Asks about the session or the server that it is at. */
  HERE,
  /** A sequence's next value, or its last one. */
  SEQUENCE,
  /** What a SHOW may ask of any server. */
  SHOWN_ANYWHERE,

  ANALYZE,
  BACKUP,
  BEGIN,
  CALL,
  CHARACTER,
  COLLATE,
  COMMIT,
  COUNT,
  CREATE,
  DELETE,
  DESC,
  DESCRIBE,
  ERRORS,
  ERROR_COUNT,
  EXPLAIN,
  FLUSH,
  FOR,
  FORMAT,
  FOUND_ROWS,
  FULL,
  GET_LOCK,
  GLOBAL,
  HANDLER,
  INDEX,
  INSERT,
  INTO,
  KEYS,
  LOCK,
  NAMES,
  NEXT,
  ONLY,
  PASSWORD,
  PREPARE,
  PREVIOUS,
  PROCEDURE,
  READ,
  REPLACE,
  ROLE,
  ROLLBACK,
  ROW_COUNT,
  SAVEPOINT,
  SELECT,
  SET,
  SHARE,
  SHOW,
  START,
  STATEMENT,
  TEMPORARY,
  TRANSACTION,
  UNLOCK,
  UPDATE,
  VALUE,
  WARNINGS,
  WARNING_COUNT,
  WITH,
  WORK,
  XA;

  /** Words that stand before a bracket and call nothing, and functions that only compute. */
  private static final String HARMLESS_WORDS =
      """
      ALL AND ANY AS ASC BETWEEN BY CASE CROSS DISTINCT DISTINCTROW DIV ELSE END EXCEPT EXISTS
      FORCE FROM GROUP HAVING IGNORE IN INNER INTERSECT IS JOIN KEY LATERAL LEFT LIKE LIMIT
      NATURAL NOT OFFSET ON OR ORDER OUTER OVER PARTITION RANGE RECURSIVE REGEXP RETURNING RIGHT
      RLIKE ROW ROWS SOME STRAIGHT_JOIN THEN UNION USE USING VALUES WHEN WHERE WINDOW XOR
      BINARY CHAR DATETIME DECIMAL DOUBLE FLOAT INT INTEGER NCHAR NUMERIC REAL SIGNED TIME
      TIMESTAMP UNSIGNED VARBINARY VARCHAR
      ABS ACOS ADDDATE ADDTIME ADD_MONTHS AES_DECRYPT AES_ENCRYPT ASCII ASIN ATAN ATAN2 AVG BIN
      BIT_AND BIT_COUNT BIT_LENGTH BIT_OR BIT_XOR CAST CEIL CEILING CHARACTER_LENGTH CHARSET
      CHAR_LENGTH CHR COALESCE COERCIBILITY COLLATION COLUMN_CHECK COLUMN_EXISTS COLUMN_GET
      COLUMN_JSON COLUMN_LIST COMPRESS CONCAT CONCAT_OPERATOR_ORACLE CONCAT_WS CONV CONVERT
      CONVERT_TZ COS COT CRC32 CRC32C CUME_DIST CURDATE CURRENT_DATE CURRENT_ROLE CURRENT_TIME
      CURRENT_TIMESTAMP CURRENT_USER CURTIME DATABASE DATE DATEDIFF DATE_ADD DATE_FORMAT DATE_SUB
      DAY DAYNAME DAYOFMONTH DAYOFWEEK DAYOFYEAR DECODE DECODE_ORACLE DEFAULT DEGREES DENSE_RANK
      ELT ENCODE ENCRYPT EXP EXPORT_SET EXTRACT EXTRACTVALUE FIELD FIND_IN_SET FIRST_VALUE FLOOR
      FORMAT_BYTES FORMAT_PICO_TIME FROM_BASE64 FROM_DAYS FROM_UNIXTIME GREATEST GROUP_CONCAT HEX
      HOUR IF IFNULL INET6_ATON INET6_NTOA INET_ATON INET_NTOA INSTR INTERVAL ISNULL IS_IPV4
      IS_IPV4_COMPAT IS_IPV4_MAPPED IS_IPV6 JSON_ARRAY JSON_ARRAYAGG JSON_ARRAY_APPEND
      JSON_ARRAY_INSERT JSON_ARRAY_INTERSECT JSON_COMPACT JSON_CONTAINS JSON_CONTAINS_PATH
      JSON_DEPTH JSON_DETAILED JSON_EQUALS JSON_EXISTS JSON_EXTRACT JSON_INSERT JSON_KEYS
      JSON_LENGTH JSON_LOOSE JSON_MERGE JSON_MERGE_PATCH JSON_MERGE_PRESERVE JSON_NORMALIZE
      JSON_OBJECT JSON_OBJECTAGG JSON_OVERLAPS JSON_PRETTY JSON_QUERY JSON_QUOTE JSON_REMOVE
      JSON_REPLACE JSON_SCHEMA_VALID JSON_SEARCH JSON_SET JSON_TABLE JSON_TYPE JSON_UNQUOTE
      JSON_VALID JSON_VALUE KDF LAG LAST_DAY LAST_VALUE LCASE LEAD LEAST LENGTH LENGTHB LN
      LOCALTIME LOCALTIMESTAMP LOCATE LOG LOG10 LOG2 LOWER LPAD LTRIM MAKEDATE MAKETIME MAKE_SET
      MATCH AGAINST MAX MD5 MEDIAN MICROSECOND MID MIN MINUTE MOD MONTH MONTHNAME NAME_CONST
      NATURAL_SORT_KEY NOW NTH_VALUE NTILE NULLIF NVL NVL2 OCT OCTET_LENGTH ORD PERCENTILE_CONT
      PERCENTILE_DISC PERCENT_RANK PERIOD_ADD PERIOD_DIFF PI POINT POLYGON LINESTRING POSITION POW
      POWER QUARTER QUOTE RADIANS RAND RANDOM_BYTES RANK REGEXP_INSTR REGEXP_REPLACE REGEXP_SUBSTR
      REPEAT REVERSE ROUND ROW_NUMBER RPAD RTRIM SCHEMA SECOND SEC_TO_TIME SFORMAT SHA SHA1 SHA2
      SIGN SIN SLEEP SOUNDEX SPACE SQRT STD STDDEV STDDEV_POP STDDEV_SAMP STRCMP STR_TO_DATE
      ST_ASBINARY ST_ASGEOJSON ST_ASTEXT ST_ASWKT ST_CONTAINS ST_DISTANCE ST_DISTANCE_SPHERE
      ST_GEOMFROMGEOJSON ST_GEOMFROMTEXT ST_INTERSECTS ST_WITHIN ST_X ST_Y MBRCONTAINS MBRWITHIN
      SUBDATE SUBSTR SUBSTRING SUBSTRINGB SUBSTRING_INDEX SUBTIME SUM SYSDATE SYS_GUID TAN
      TIMEDIFF TIMESTAMPADD TIMESTAMPDIFF TIME_FORMAT TIME_TO_SEC TO_BASE64 TO_CHAR TO_DAYS
      TO_SECONDS TRIM TRIM_ORACLE TRUNCATE UCASE UNCOMPRESS UNCOMPRESSED_LENGTH UNHEX
      UNIX_TIMESTAMP UPDATEXML UPPER USER SESSION_USER SYSTEM_USER UTC_DATE UTC_TIME UTC_TIMESTAMP
      UUID UUID_SHORT UUID_V4 UUID_V7 VARIANCE VAR_POP VAR_SAMP VERSION WEEK WEEKDAY WEEKOFYEAR
      WEIGHT_STRING YEAR YEARWEEK
      """;

  private static final String HERE_WORDS =
      """
      CONNECTION_ID GTID_BINLOG_POS GTID_BINLOG_STATE GTID_CURRENT_POS GTID_SLAVE_POS IDENTITY
      INFORMATION_SCHEMA INSERT_ID IN_TRANSACTION LAST_GTID LAST_INSERT_ID MYSQL
      PERFORMANCE_SCHEMA PROCESSLIST PSEUDO_THREAD_ID READ_ONLY SQL_CALC_FOUND_ROWS SYS
      """;

  private static final String SEQUENCE_WORDS = "CURRVAL LASTVAL NEXTVAL SETVAL";

  private static final String SHOWN_WORDS =
      "COLUMNS DATABASES FIELDS FUNCTION INDEXES PACKAGE SCHEMAS TABLE TABLES TRIGGERS";

  /** Open addressing; more than thrice as large as the words are many. */
  private static final int SIZE = 2048;

  private static final byte[][] SPELLED = new byte[SIZE][];
  private static final Word[] MEANT = new Word[SIZE];

  static {
    for (Word word : values()) {
      if (word.compareTo(SHOWN_ANYWHERE) > 0) {
        put(word.name(), word);
      }
    }
    all(HARMLESS_WORDS, HARMLESS);
    all(HERE_WORDS, HERE);
    all(SEQUENCE_WORDS, SEQUENCE);
    all(SHOWN_WORDS, SHOWN_ANYWHERE);
  }

  private static void all(String words, Word meant) {
    for (String word : words.strip().split("\\s+")) {
      put(word, meant);
    }
  }

  private static void put(String spelled, Word meant) {
    byte[] bytes = spelled.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    int hash = 0;
    for (byte b : bytes) {
      hash = hash(hash, b);
    }
    int at = slot(hash);
    while (SPELLED[at] != null) {
      if (new String(SPELLED[at], StandardCharsets.US_ASCII).equals(spelled)) {
        throw new IllegalStateException(spelled + " stands twice");
      }
      at = at + 1 & SIZE - 1;
    }
    SPELLED[at] = bytes;
    MEANT[at] = meant;
  }

  /** Adds a letter, upper case, to the hash of those before it; 0 for none. */
  static int hash(int before, int letter) {
    return before * 31 + letter;
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 11) & SIZE - 1;
  }

  /**
   * @param hash of these letters, in upper case
   */
  static Word find(byte[] text, int from, int to, int hash) {
    for (int at = slot(hash); ; at = at + 1 & SIZE - 1) {
      byte[] spelled = SPELLED[at];
      if (spelled == null) {
        return UNKNOWN;
      }
      if (same(spelled, text, from, to)) {
        return MEANT[at];
      }
    }
  }

  private static boolean same(byte[] spelled, byte[] text, int from, int to) {
    if (spelled.length != to - from) {
      return false;
    }
    for (int i = 0; i < spelled.length; i++) {
      if (spelled[i] != upper(text[from + i])) {
        return false;
      }
    }
    return true;
  }

  static int upper(int letter) {
    return letter >= 'a' && letter <= 'z' ? letter - 32 : letter;
  }

  /** Whether it calls nothing that somebody stored, where a bracket follows. */
  boolean callsNothing() {
    return switch (this) {
      case NONE,
          HARMLESS,
          CHARACTER,
          COUNT,
          DELETE,
          FOR,
          FORMAT,
          FOUND_ROWS,
          GET_LOCK,
          INDEX,
          INSERT,
          INTO,
          REPLACE,
          ROW_COUNT,
          SELECT,
          SET,
          UPDATE,
          VALUE,
          WITH ->
          true;
      default -> false;
    };
  }
}
