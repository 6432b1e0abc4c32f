package dev.regent.server.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Policy.Profile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrivilegesTest {
  private static final String BOTH = " ON *.* TO `regent`@`%` IDENTIFIED BY PASSWORD '*0123'";

  private static List<String> lacking(String version, String... grants) {
    return new Bed(Profile.ASYNC)
        .replica("version", version).grants(grants).findings().stream()
            .filter(f -> f.check().equals("privilege"))
            .map(f -> f.mend().sql().getFirst().replaceAll("GRANT (.*) TO .*", "$1"))
            .toList();
  }

  /** What a server is told to grant is also what it is then found to have. */
  @ParameterizedTest
  @ValueSource(strings = {"10.5.1", "10.5.2", "10.5.23", "10.6.21", "10.11.5", "11.4.5", "12.1.2"})
  void statementsGrantWhatIsAskedFor(String version) {
    List<String> grants =
        Privileges.statements(Release.parse(version), "regent", "repl").stream()
            .filter(sql -> sql.startsWith("GRANT") && sql.contains("'regent'"))
            .map(sql -> sql.replace("'", "`"))
            .toList();
    assertThat(lacking(version, grants.toArray(String[]::new))).isEmpty();
    for (String grant : grants) {
      List<String> others = grants.stream().filter(g -> !g.equals(grant)).toList();
      // SELECT everywhere is SELECT there, too; all else is missed.
      assertThat(lacking(version, others.toArray(String[]::new))).isNotEmpty();
    }
  }

  @Test
  void superStandsForSomePiecesUntil1011AndForNoneAfter() {
    String grant =
        "GRANT SELECT, RELOAD, PROCESS, SUPER, REPLICATION SLAVE, BINLOG MONITOR, EVENT, INSERT,"
            + " UPDATE, DELETE, CREATE"
            + BOTH;
    assertThat(lacking("10.11.5", grant))
        .containsExactly(
            "READ_ONLY ADMIN ON *.*", "REPLICATION MASTER ADMIN ON *.*", "REPLICA MONITOR ON *.*");
    assertThat(lacking("11.4.5", grant))
        .containsExactly(
            "BINLOG ADMIN ON *.*",
            "CONNECTION ADMIN ON *.*",
            "READ_ONLY ADMIN ON *.*",
            "REPLICATION MASTER ADMIN ON *.*",
            "REPLICATION SLAVE ADMIN ON *.*",
            "SET USER ON *.*",
            "REPLICA MONITOR ON *.*");
    assertThat(lacking("10.4.34", grant)).isEmpty();
  }

  @Test
  void databasesOfItsOwnMayBeGrantedByPatternOrByName() {
    String everywhere =
        "GRANT SELECT, RELOAD, PROCESS, SUPER, REPLICATION SLAVE, REPLICATION CLIENT, EVENT" + BOTH;
    String to = " TO `regent`@`%`";
    assertThat(
            lacking(
                "10.4.34", everywhere, "GRANT INSERT, UPDATE, DELETE, CREATE ON `regent%`.*" + to))
        .isEmpty();
    assertThat(
            lacking(
                "10.4.34",
                everywhere,
                "GRANT INSERT, UPDATE, DELETE, CREATE ON `regent`.*" + to,
                "GRANT INSERT, UPDATE, CREATE ON `regent\\_local`.*" + to,
                "GRANT DELETE ON `regent_local`.`fence`" + to))
        .containsExactly("DELETE ON `regent\\_local`.*");
  }

  /** Columns are less than a table, a role's name is no privilege. */
  @Test
  void whatIsLessThanAPrivilegeIsNone() {
    Grants grants =
        new Grants(
            List.of(
                "GRANT `SUPER` TO `regent`@`%`",
                "GRANT SELECT (a, b), INSERT ON *.* TO `regent`@`%`"));
    assertThat(grants.has("SUPER", "")).isFalse();
    assertThat(grants.has("SELECT", "")).isFalse();
    assertThat(grants.has("INSERT", "")).isTrue();
    assertThat(new Grants(List.of("GRANT REPLICA MONITOR ON *.* TO a")).has("SLAVE MONITOR", ""))
        .isTrue();
  }

  @Test
  void accountThatIsNotThereIsToldWithTheWholeStatement() {
    assertThat(new Bed(Profile.ASYNC).replication().findings())
        .singleElement()
        .extracting(Finding::mend)
        .isInstanceOfSatisfying(
            Mend.Advice.class,
            a -> assertThat(a.words()).contains("CREATE USER 'repl'@'%'", "sql_log_bin=0"));
  }
}
