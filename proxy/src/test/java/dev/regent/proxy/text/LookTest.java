package dev.regent.proxy.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.text.Statement.Kind;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.text.Statement.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LookTest {
  /** What a statement is, where it may go, and its text. */
  record Case(Kind kind, Place place, String sql) {
    static Case parse(String line) {
      String[] parts = line.split(" ", 3);
      return new Case(Kind.valueOf(parts[0]), Place.valueOf(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
      return sql;
    }
  }

  static Stream<Case> cases() {
    return LookCases.ALL.lines().filter(l -> !l.isBlank()).map(Case::parse);
  }

  @Test
  void tableIsLong() {
    assertThat(cases().map(Case::sql).distinct().count()).isGreaterThanOrEqualTo(150);
    assertThat(cases().map(Case::kind).distinct()).containsExactlyInAnyOrder(Kind.values());
    assertThat(cases().map(Case::place).distinct()).containsExactlyInAnyOrder(Place.values());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kindAndPlaceAreSeen(Case expected) {
    Statement seen = look(expected.sql());
    assertThat(seen.kind()).isEqualTo(expected.kind());
    assertThat(seen.place()).isEqualTo(expected.place());
  }

  /** Blanks, comments and the case of letters outside of quoted text mean nothing. */
  @ParameterizedTest
  @MethodSource("cases")
  void dressDoesNotMatter(Case expected) {
    Random random = new Random(expected.sql().hashCode());
    Statement plain = look(expected.sql());
    for (int i = 0; i < 50; i++) {
      String dressed = dressed(expected.sql(), random);
      Statement seen = look(dressed);
      assertThat(seen.kind()).as(dressed).isEqualTo(plain.kind());
      assertThat(seen.place()).as(dressed).isEqualTo(plain.place());
      assertThat(seen.pins()).as(dressed).isEqualTo(plain.pins());
    }
  }

  private static final List<String> BLANKS =
      List.of(" ", "\t", "\n", "  ", "/**/", " /* x; @a */ ", " -- it's\n", " #`\n", "/* -- */");

  private static String dressed(String sql, Random random) {
    StringBuilder dressed = new StringBuilder(blanks(random));
    char quote = 0;
    boolean comment = false;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      comment |= sql.startsWith("/*", i) || sql.startsWith("--", i) || c == '#';
      if (comment) {
        // It runs to the end: what it says may matter, so it stays as it is.
        return dressed + sql.substring(i);
      }
      if (quote == 0 && (c == '\'' || c == '"' || c == '`')) {
        quote = c;
      } else if (quote == c) {
        quote = 0;
      } else if (quote == 0 && c == ' ') {
        dressed.append(' ').append(blanks(random));
        continue;
      } else if (quote == 0 && "(),".indexOf(c) >= 0) {
        dressed.append(blanks(random)).append(c).append(blanks(random));
        continue;
      } else if (quote == 0 && random.nextBoolean()) {
        c = Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
      }
      dressed.append(c);
    }
    return dressed.append(quote == 0 ? " " + blanks(random) : "").toString();
  }

  private static String blanks(Random random) {
    StringBuilder blanks = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      blanks.append(BLANKS.get(random.nextInt(BLANKS.size())));
    }
    return blanks.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SET @a=1 | USER_VARIABLE",
        "SELECT 1 INTO @a | USER_VARIABLE",
        "SELECT @a := 1 | USER_VARIABLE",
        "CALL p(@out) | USER_VARIABLE",
        "INSERT INTO t VALUES (@a := 1) | USER_VARIABLE",
        "GET DIAGNOSTICS CONDITION 1 @state = RETURNED_SQLSTATE | USER_VARIABLE",
        "LOAD DATA INFILE 'x' INTO TABLE t (@a) SET b=@a | USER_VARIABLE",
        "SELECT 1; SET @a=1 | USER_VARIABLE",
        "/*! SET @a=1 */ | USER_VARIABLE",
        "CREATE TEMPORARY TABLE x (a INT) | TEMPORARY_TABLE",
        "CREATE OR REPLACE TEMPORARY TABLE x SELECT 1 | TEMPORARY_TABLE",
        "LOCK TABLES t WRITE | TABLE_LOCK",
        "SELECT 1; LOCK TABLES t WRITE | TABLE_LOCK",
        "FLUSH TABLES WITH READ LOCK | TABLE_LOCK",
        "BACKUP LOCK t | TABLE_LOCK",
        "SELECT GET_LOCK('x', 1) | NAMED_LOCK",
        "DO GET_LOCK('x', 1) | NAMED_LOCK",
        "PREPARE s FROM 'SELECT 1' | PREPARED",
        "HANDLER t OPEN | HANDLER",
        "XA START 'x' | XA",
        "SET ROLE r | UNKNOWN"
      })
  void whatTiesIsSeen(String sql, Pin pin) {
    assertThat(look(sql).pins()).containsExactly(pin);
    assertThat(look(sql).kind()).isEqualTo(Kind.OTHER);
    assertThat(look(sql).place()).isEqualTo(Place.PRIMARY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT @a",
        "UPDATE t SET a=@b",
        "SELECT '@a := 1'",
        "SELECT a FROM `temporary`",
        "SHOW VARIABLES LIKE 'x'"
      })
  void whatTiesNothingIsSeen(String sql) {
    assertThat(look(sql).pins()).isEmpty();
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SET session_track_schema=0",
        "set @@Session_Track_State_Change=0",
        "SET `session_track_schema`=0",
        "SET SESSION session_track_system_variables='autocommit'"
      })
  void changeOfTrackingIsSeen(String sql) {
    assertThat(look(sql).tracking()).isTrue();
  }

  @Test
  void nothingIsTooShortOrUnfinished() {
    for (String sql :
        List.of(
            "",
            "'",
            "/*",
            "`a",
            "@",
            "SELECT '\\",
            "--",
            ";",
            "/*!",
            "/*M",
            "#",
            "-",
            "/",
            "SELECT INSERT",
            "'\\",
            "/*regent",
            "--regent route to",
            "@@",
            "SET NAMES x COLLATE ")) {
      assertThat(look(sql).kind()).as(sql).isNotNull();
    }
  }

  // --- how the server reads quotes and letters

  private static final Dialect ANSI = Dialect.USUAL.withMode("REAL_AS_FLOAT,ANSI_QUOTES");
  private static final Dialect NO_ESCAPES = Dialect.USUAL.withMode("NO_BACKSLASH_ESCAPES");

  @Test
  void backslashIsALetterWhereTheModeSaysSo() {
    String sql = "SELECT '\\' FOR UPDATE -- '";
    assertThat(look(sql).kind()).isEqualTo(Kind.READ);
    assertThat(NO_ESCAPES.look(sql).kind()).isEqualTo(Kind.CHANGE);
    String other = "SELECT '\\'' FOR UPDATE -- '";
    assertThat(look(other).kind()).isEqualTo(Kind.CHANGE);
    assertThat(NO_ESCAPES.look(other).kind()).isEqualTo(Kind.READ);
  }

  @Test
  void doubleQuotesAreNamesWhereTheModeSaysSo() {
    String call = "SELECT \"f\"(1)";
    assertThat(ANSI.look(call).kind()).isEqualTo(Kind.CHANGE);
    String sql = "SELECT \"\\\" FOR UPDATE -- \"";
    assertThat(look(sql).kind()).isEqualTo(Kind.READ);
    assertThat(ANSI.look(sql).kind()).isEqualTo(Kind.CHANGE);
    assertThat(ANSI.withMode("").look(sql).kind()).isEqualTo(Kind.READ);
  }

  /** In these sets 0x95 0x5c is one letter, whose second byte looks like a backslash. */
  @ParameterizedTest
  @CsvSource({"gbk", "sjis", "cp932", "big5", "gb18030", "cp1251", "latin2"})
  void lettersThatMayHoldAQuoteAreNotTrusted(String charset) {
    byte[] text = "SELECT '?\\', a FROM t -- '".getBytes(StandardCharsets.US_ASCII);
    Dialect dialect = Dialect.USUAL.withCharset(charset);
    assertThat(Look.at(text, 0, text.length, dialect).kind()).isEqualTo(Kind.READ);
    text[8] = (byte) 0x95;
    assertThat(Look.at(text, 0, text.length, dialect).kind()).isEqualTo(Kind.OTHER);
    assertThat(Look.at(text, 0, text.length, dialect).place()).isEqualTo(Place.PRIMARY);
  }

  @Test
  void lettersOfOtherLanguagesAreLetters() {
    assertThat(look("SELECT größe, 'à' FROM straße WHERE à=1").kind()).isEqualTo(Kind.READ);
    byte[] latin = "SELECT 'ä' FROM t".getBytes(StandardCharsets.ISO_8859_1);
    Dialect dialect = Dialect.USUAL.withCharset("latin1");
    assertThat(Look.at(latin, 0, latin.length, dialect).kind()).isEqualTo(Kind.READ);
    // There it is a blank.
    byte[] blank = "SELECT a FROM t FOR\u00a0UPDATE".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Look.at(blank, 0, blank.length, dialect).kind()).isEqualTo(Kind.OTHER);
  }

  @ParameterizedTest
  @CsvSource({
    "45,true",
    "33,true",
    "224,true",
    "8,true",
    "28,false",
    "13,false",
    "1,false",
    "95,false",
    "84,false",
    "51,false",
    "0,false"
  })
  void collationOfALoginTellsTheLetters(int number, boolean trusted) {
    byte[] text = "SELECT '??' FROM t".getBytes(StandardCharsets.US_ASCII);
    text[8] = (byte) 0xc3;
    text[9] = (byte) 0xa9;
    Dialect dialect = Dialect.USUAL.withCollation(number);
    assertThat(Look.at(text, 0, text.length, dialect).kind())
        .isEqualTo(trusted ? Kind.READ : Kind.OTHER);
  }

  @Test
  void partOfAnArrayIsRead() {
    byte[] text = "xSELECT 1 FOR UPDATE".getBytes(StandardCharsets.US_ASCII);
    assertThat(Look.at(text, 1, 9, Dialect.USUAL))
        .isEqualTo(
            new Statement(Kind.READ, Place.REPLICA, look("").pins(), Optional.empty(), false));
  }

  private static Statement look(String sql) {
    return Dialect.USUAL.look(sql);
  }
}
