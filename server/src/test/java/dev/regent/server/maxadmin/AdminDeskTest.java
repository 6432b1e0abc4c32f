package dev.regent.server.maxadmin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ServerId;
import dev.regent.server.publish.Desk;
import dev.regent.server.render.Pictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminDeskTest {
  private final Desk shown = new Desk(Pictures.SPEC);
  private final List<Command> ordered = new ArrayList<>();
  private final AdminSessions sessions = new AdminSessions();
  private Reply reply = new Reply(Reply.Result.DONE, "done", List.of());
  private final AdminDesk desk = new AdminDesk(shown, this::order, sessions, false);

  AdminDeskTest() {
    shown.show(Pictures.healthy().take());
  }

  private CompletableFuture<Reply> order(Command command) {
    ordered.add(command);
    return CompletableFuture.completedFuture(reply);
  }

  private AdminDesk.Answer ask(String line) {
    return desk.answer(line, "ann");
  }

  @Test
  void listServers() {
    assertThat(ask("list servers"))
        .isEqualTo(
            new AdminDesk.Answer(
                0,
                """
                Servers.
                -------------------+-----------------+-------+-------------+--------------------
                Server             | Address         | Port  | Connections | Status             \s
                -------------------+-----------------+-------+-------------+--------------------
                db1                | 127.0.0.1       |  3306 |           0 | Master, Running
                db2                | 127.0.0.1       |  3307 |           0 | Slave, Running
                db3                | 127.0.0.1       |  3308 |           0 | Slave, Running
                -------------------+-----------------+-------+-------------+--------------------
                """));
  }

  @Test
  void listMonitorsAndWhatThePortServes() {
    assertThat(ask("list monitors").text())
        .isEqualTo(
            """
            ---------------------+---------------------
            Monitor              | Status
            ---------------------+---------------------
            shop                 | Running
            ---------------------+---------------------
            """);
    assertThat(ask("LIST Services").text()).doesNotContain("CLI");
    sessions.listen("127.0.0.1", 6603);
    sessions.begin("10.0.0.9", Pictures.NOW.millis());
    sessions.end(sessions.begin("10.0.0.8", Pictures.NOW.millis()));
    assertThat(ask("list services").text())
        .contains("\nCLI                       | cli                  |      1 |     2\n");
    assertThat(ask("list listeners").text())
        .contains(
            "\nCLI                  | maxscaled          | 127.0.0.1       |  6603 | Running\n");
    assertThat(ask("list sessions").text())
        .contains(
            "\n0x2c40100        | 10.0.0.9        | CLI            | Session ready for routing\n")
        .doesNotContain("10.0.0.8");
    assertThat(ask("show sessions").text()).contains("\tClient Address:\t\t10.0.0.9\n");
    assertThat(ask("show services").text()).contains("\tTotal connections:\t\t\t2\n");
  }

  @Test
  void showOneServerIsAPartOfShowServers() {
    String one = ask("show server db2").text();
    assertThat(one).startsWith("Server 0x1b1f550 (db2)\n\tServer:\t\t\t\t127.0.0.1\n");
    assertThat(ask("show servers").text()).contains(one).hasLineCount(39);
    assertThat(ask("show server \"db2\"").text()).isEqualTo(one);
  }

  @Test
  void showMonitors() {
    assertThat(ask("show monitors").text())
        .contains("\tName:\t\tshop\n\tMonitor running\n\tSampling interval:\t250 milliseconds\n")
        .contains("\tReplication lag:\tdisabled\n")
        .endsWith("\tMonitored servers:\t127.0.0.1:3306, 127.0.0.1:3307, 127.0.0.1:3308\n");
  }

  @Test
  void maintenanceBeginsAndEndsWithoutAWord() {
    assertThat(ask("set server db3 maintenance")).isEqualTo(new AdminDesk.Answer(0, ""));
    assertThat(ask("clear server db3 maint")).isEqualTo(new AdminDesk.Answer(0, ""));
    assertThat(ordered)
        .containsExactly(
            new Command.BeginMaintenance("ann", Pictures.DB3, "maxadmin"),
            new Command.EndMaintenance("ann", Pictures.DB3));
  }

  @Test
  void roleChangesAsFrom22On() {
    ask("call command mariadbmon failover shop");
    ask("call command mysqlmon switchover shop db2 db1");
    ask("call command mariadbmon rejoin shop db3");
    assertThat(ordered)
        .containsExactly(
            new Command.FailOver("ann", Optional.empty(), false, false),
            new Command.SwitchOver("ann", Optional.of(new ServerId("db2")), false, false),
            new Command.Rejoin("ann", Pictures.DB3, false));
  }

  @Test
  void whatIsHeldSaysWhy() {
    reply = new Reply(Reply.Result.HELD, "db1 is primary and answers", List.of());
    assertThat(ask("call command mariadbmon failover shop"))
        .isEqualTo(new AdminDesk.Answer(3, "db1 is primary and answers\n"));
    assertThat(ask("set server db3 maintenance").exit()).isEqualTo(3);
    assertThat(ask("call command mariadbmon switchover shop db2 db3"))
        .isEqualTo(new AdminDesk.Answer(3, "db3 is not the primary\n"));
    assertThat(ordered).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shutdown maxscale",
        "show",
        "show server db9",
        "show weather",
        "list",
        "set server db3 master",
        "set server db9 maintenance",
        "set server db3",
        "call command mariadbmon failover other",
        "call command mariadbmon dance shop",
        "call command galeramon failover shop",
        "call command mariadbmon switchover shop db9",
        "show server \"db2",
      })
  void mistakesAreToldAndNothingIsOrdered(String line) {
    assertThat(ask(line).exit()).isEqualTo(2);
    assertThat(ask(line).text()).isNotBlank().endsWith("\n");
    assertThat(ordered).isEmpty();
  }

  @Test
  void helpNamesEveryCommandAndNothingAsksNothing() {
    assertThat(ask("help").text())
        .contains("show [monitors|server NAME|servers|services|sessions]");
    assertThat(ask("  ")).isEqualTo(new AdminDesk.Answer(0, ""));
  }

  @Test
  void beforeTheFirstPicture() {
    AdminDesk early = new AdminDesk(new Desk(Pictures.SPEC), this::order, sessions, false);
    assertThat(early.answer("show servers", "ann").exit()).isEqualTo(1);
  }
}
