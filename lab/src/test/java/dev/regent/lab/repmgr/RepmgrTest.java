package dev.regent.lab.repmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.control.Entry;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.repmgr.Tool.Ran;
import dev.regent.lab.repmgr.Tool.Running;
import dev.regent.server.store.LocalStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** On one cluster, which every test finds whole and leaves as it likes. */
@Tag("real")
class RepmgrTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension static final ClusterExtension lab = ClusterExtension.with(LabOptions.of(3));

  @TempDir Path folder;
  private Tool tool;
  private LabServer primary;

  @BeforeEach
  void everybodyFollowsOnePrimary() {
    tool = new Tool(lab.cluster(), folder);
    lab.cluster().servers().stream()
        .filter(s -> !s.isRunning())
        .forEach(s -> s.start().awaitReady());
    primary =
        lab.cluster().servers().stream().filter(RepmgrTest::writable).findFirst().orElseThrow();
    for (LabServer server : replicas()) {
      server.execute("SET SESSION sql_log_bin=0", "DROP DATABASE IF EXISTS regent_local");
      server.execute("STOP SLAVE", "SET GLOBAL gtid_slave_pos=@@gtid_binlog_pos");
      lab.cluster().follow(server, "127.0.0.1", primary.port());
    }
    primary.execute("SET SESSION sql_log_bin=0", "DROP DATABASE IF EXISTS regent_local");
    primary.execute("REPLACE INTO shop.orders VALUES (1, 1, 1, 'kept')");
    replicas().forEach(s -> lab.cluster().awaitCaughtUp(s, primary));
  }

  private List<LabServer> replicas() {
    return lab.cluster().servers().stream().filter(s -> s != primary).toList();
  }

  private static boolean writable(LabServer server) {
    return server.isRunning() && server.value("SELECT @@read_only").equals("0");
  }

  private String all() {
    return Tool.addresses(lab.cluster().servers());
  }

  private long reigns(LabServer server) {
    String sql = "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='regent'";
    return server.value(sql).equals("0")
        ? 0
        : Long.parseLong(server.value("SELECT COUNT(*) FROM regent.reign"));
  }

  private void follows(LabServer replica, LabServer source) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          Map<String, String> status = replica.rows("SHOW ALL SLAVES STATUS").getFirst();
          assertThat(status.get("Master_Port")).isEqualTo(String.valueOf(source.port()));
          assertThat(status.get("Slave_IO_Running")).isEqualTo("Yes");
          assertThat(status.get("Slave_SQL_Running")).isEqualTo("Yes");
        });
  }

  private LabServer opened() {
    List<LabServer> open = replicas().stream().filter(RepmgrTest::writable).toList();
    assertThat(open).hasSize(1);
    return open.getFirst();
  }

  /** One of the others took over, the rest follow it, and nothing is lost. */
  private LabServer successor() {
    LabServer successor = opened();
    assertThat(successor.value("SELECT payload FROM shop.orders WHERE client=1")).isEqualTo("kept");
    replicas().stream().filter(s -> s != successor).forEach(s -> follows(s, successor));
    return successor;
  }

  /** The script of the how-to, its logins apart. */
  @Test
  void theHowTosScriptPromotesAReplica() throws IOException {
    String text =
        """
        user=%s
        repluser=%s
        ARGS=$(getopt -o '' --long 'event:,initiator:,nodelist:' -- "$@")
        eval set -- "$ARGS"
        while true; do
          case "$1" in
            --event) shift; event=$1; shift;;
            --initiator) shift; initiator=$1; shift;;
            --nodelist) shift; nodelist=$1; shift;;
            --) shift; break;;
          esac
        done
        cmd="mariadb-repmgr -host $initiator -user $user -rpluser $repluser -slaves $nodelist -failover=dead"
        eval $cmd
        """
            .formatted(
                Tool.pair(lab.cluster().accounts().regent()),
                Tool.pair(lab.cluster().accounts().repl()));
    Path script = tool.script("failover.sh", text);
    primary.kill();
    primary.awaitGone();
    Ran ran =
        tool.execute(
                List.of(
                    script.toString(),
                    "--event=master_down",
                    "--initiator=" + primary.address(),
                    "--nodelist=" + all()))
            .ended();
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out()).contains("done: ").contains("no semi-sync");
    successor();
  }

  @Test
  void twoAtTheSameMomentDoItOnce() {
    long before = reigns(replicas().getFirst());
    primary.kill();
    primary.awaitGone();
    String[] words = {"-hosts", all(), "-failover=force", "-interactive=false"};
    Running one = tool.start(words);
    Running other = tool.start(words);
    List<Ran> ran = List.of(one.ended(), other.ended());
    assertThat(ran).as("%s", ran).allMatch(r -> r.exit() == 0);
    assertThat(ran).filteredOn(r -> r.out().contains("INFO  : done: ")).hasSize(1);
    assertThat(ran).filteredOn(r -> r.out().contains("INFO  : nothing to do: ")).hasSize(1);
    LabServer successor = successor();
    assertThat(reigns(successor)).isEqualTo(before + 1);
  }

  @Test
  void aFrozenPrimaryIsReplacedOnceItsReplicasCannotReachIt() {
    primary.freeze();
    Ran ran = tool.run("-host=" + primary.address(), "-slaves=" + all(), "-failover=dead");
    primary.kill();
    primary.awaitGone();
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    successor();
  }

  @Test
  void aLivingPrimaryKeepsItsRole() {
    Ran named = tool.run("-host=" + primary.address(), "-slaves=" + all(), "-failover=dead");
    assertThat(named.exit()).isEqualTo(3);
    assertThat(named.err()).contains("ERROR : held: ").contains("answers");
    Ran unnamed = tool.run("-hosts=" + all(), "-failover=force");
    assertThat(unnamed.exit()).isEqualTo(3);
    assertThat(unnamed.err()).contains("held: the primary answers: " + primary.address());
    assertThat(writable(primary)).isTrue();
  }

  @Test
  void switchoverKeepsTheOldPrimaryAsAReplica() {
    LabServer wanted = replicas().getLast();
    Ran ran = tool.run("-hosts=" + all(), "-switchover=keep", "-prefmaster=" + wanted.address());
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out()).contains("done: " + wanted.address() + " is primary");
    assertThat(successor()).isSameAs(wanted);
    follows(primary, wanted);
    assertThat(writable(primary)).isFalse();
    assertThat(primary.value("SELECT @@rpl_semi_sync_slave_enabled")).isEqualTo("0");
    assertThat(ran.err()).doesNotContain("does not replicate");
  }

  /** The role has moved, so nobody will look after them. */
  @Test
  void whoCannotFollowTheNewPrimaryIsNamed() {
    LabServer wanted = replicas().getLast();
    LabServer other = replicas().getFirst();
    String account = "'" + lab.cluster().accounts().repl().user() + "'@'%'";
    wanted.execute("SET SESSION sql_log_bin=0", "ALTER USER " + account + " ACCOUNT LOCK");
    try {
      Ran ran = tool.run("-hosts=" + all(), "-switchover=keep", "-prefmaster=" + wanted.address());
      assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
      assertThat(writable(wanted)).isTrue();
      for (LabServer left : List.of(other, primary)) {
        assertThat(ran.err())
            .containsPattern(
                left.address() + " does not replicate from " + wanted.address() + ": error \\d+");
      }
    } finally {
      wanted.execute("SET SESSION sql_log_bin=0", "ALTER USER " + account + " ACCOUNT UNLOCK");
    }
  }

  /** Without {@code -slaves}: the primary names them. */
  @Test
  void switchoverKillIsTheSameAndTellsSo() {
    LabServer ignored = replicas().getFirst();
    Ran ran =
        tool.run(
            "-host=" + primary.address(),
            "-switchover=kill",
            "-ignore-servers=" + ignored.address());
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.err()).contains("-switchover=kill does what keep does");
    LabServer successor = successor();
    assertThat(successor).isNotSameAs(ignored);
    follows(primary, successor);
  }

  @Test
  void withoutACandidateNothingIsTouched() {
    Ran ran =
        tool.run(
            "-hosts=" + all(), "-switchover=keep", "-ignore-servers=" + Tool.addresses(replicas()));
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains("never to be primary");
    assertThat(writable(primary)).isTrue();
  }

  @Test
  void scriptsGetBothHostsAndSeeNoPassword() throws IOException {
    Path said = folder.resolve("said");
    Path before =
        tool.script(
            "before",
            "echo \"before $*\" >>%s; cat /proc/$PPID/cmdline /proc/$PPID/environ /proc/self/environ"
                    .formatted(said)
                + " | tr '\\0' ' ' >>"
                + said
                + "; exit 5\n");
    Path after = tool.script("after", "echo \"after $*\" >>" + said + "\n");
    Ran ran =
        tool.start(
                "-hosts=" + all(),
                "-switchover=keep",
                "-pre-failover-script=" + before,
                "-post-failover-script=" + after)
            .ended();
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.err()).contains(before + ": hook exit code 5; going on");
    assertThat(Files.readString(said))
        .startsWith("before 127.0.0.1 127.0.0.1\n")
        .contains("dev.regent.cli.repmgr.Main")
        .doesNotContain(lab.cluster().accounts().regent().password())
        .doesNotContain(lab.cluster().accounts().repl().password())
        .endsWith("after 127.0.0.1 127.0.0.1\n");
  }

  @Test
  void aKilledRunIsUndoneAndDoneByTheNext() {
    Path killer = tool.script("killer", "kill -9 $PPID; sleep 5\n");
    String[] words = {"-hosts=" + all(), "-switchover=keep"};
    Ran killed = tool.start(words[0], words[1], "-pre-failover-script=" + killer).ended();
    assertThat(killed.exit()).isEqualTo(137);
    assertThat(writable(primary)).as("the killed run had frozen it").isFalse();
    Ran dry = tool.run(words[0], words[1], "-dry-run");
    assertThat(dry.exit()).as(dry.out() + dry.err()).isZero();
    assertThat(dry.out()).contains("would first finish or undo what an interrupted run left");
    assertThat(writable(primary)).as("a dry run leaves it so").isFalse();
    Ran next = tool.run(words);
    assertThat(next.exit()).as(next.out() + next.err()).isZero();
    assertThat(next.out()).contains("a run was interrupted").contains("done: ");
    LabServer successor = successor();
    follows(primary, successor);
  }

  @Test
  void aRunThatIsKilledBehindThePointOfNoReturnIsFinishedByTheNext() {
    Path killer = tool.script("killer", "kill -9 $PPID; sleep 5\n");
    String[] words = {"-hosts=" + all(), "-switchover=keep"};
    Ran killed = tool.start(words[0], words[1], "-post-failover-script=" + killer).ended();
    assertThat(killed.exit()).isEqualTo(137);
    // Whether the other replica was pointed at it by then is chance.
    long reigns = reigns(opened());
    Ran next = tool.run(words);
    assertThat(next.exit()).as(next.out() + next.err()).isZero();
    assertThat(next.out()).contains("done: the interrupted run has moved the role");
    LabServer successor = successor();
    follows(primary, successor);
    assertThat(reigns(successor)).isEqualTo(reigns);
  }

  /** No daemon comes by later to repair what the next run leaves. */
  @Test
  void aReplicaThatAKilledRunPointedAndDidNotStartIsStartedByTheNext() {
    Path killer = tool.script("killer", "kill -9 $PPID; sleep 5\n");
    String[] words = {"-hosts=" + all(), "-switchover=keep"};
    Ran killed = tool.start(words[0], words[1], "-post-failover-script=" + killer).ended();
    assertThat(killed.exit()).isEqualTo(137);
    LabServer successor = opened();
    LabServer other = replicas().stream().filter(s -> s != successor).findFirst().orElseThrow();
    // A statement that was under way ends first. This test is the same user.
    String sessions =
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID<>CONNECTION_ID() AND USER='"
            + lab.cluster().accounts().regent().user()
            + "'";
    await().atMost(LIMIT).until(() -> other.value(sessions).equals("0"));
    other.execute(
        "STOP SLAVE",
        "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
            + successor.port()
            + ", MASTER_USE_GTID=slave_pos");
    Ran next = tool.run(words);
    assertThat(next.exit()).as(next.out() + next.err()).isZero();
    assertThat(next.out()).contains("done: the interrupted run has moved the role");
    assertThat(successor()).isSameAs(successor);
    follows(primary, successor);
  }

  @Test
  void durabilityThatAKilledRunRelaxedIsRestored() throws Exception {
    LabServer replica = replicas().getFirst();
    TreeMap<ServerId, Durability> relaxed = new TreeMap<>();
    relaxed.put(new ServerId(replica.address()), Durability.FULL);
    intended(relaxed, new TreeSet<>());
    replica.execute("SET GLOBAL sync_binlog=0, GLOBAL innodb_flush_log_at_trx_commit=0");
    Ran dry = tool.run("-hosts=" + all(), "-failover=check");
    assertThat(dry.out()).contains("would restore the durability of " + replica.address());
    assertThat(replica.value("SELECT @@sync_binlog + @@innodb_flush_log_at_trx_commit"))
        .as("a dry run leaves it so")
        .isEqualTo("0");
    Ran ran = tool.run("-hosts=" + all(), "-failover=force");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(3);
    assertThat(ran.out()).contains("restored the durability of " + replica.address());
    assertThat(replica.value("SELECT @@sync_binlog + @@innodb_flush_log_at_trx_commit"))
        .isEqualTo("2");
  }

  /** Also where the run has nothing more to do than to finish what the killed one began. */
  @Test
  void durabilityIsRestoredByARunThatFindsTheRoleMoved() throws Exception {
    Path killer = tool.script("killer", "kill -9 $PPID; sleep 5\n");
    String[] words = {"-hosts=" + all(), "-switchover=keep"};
    Ran killed = tool.start(words[0], words[1], "-post-failover-script=" + killer).ended();
    assertThat(killed.exit()).isEqualTo(137);
    LabServer other = replicas().stream().filter(s -> s != opened()).findFirst().orElseThrow();
    ServerId relaxed = new ServerId(other.address());
    stored(
        new Entry.Intended(
            7,
            List.of("drain"),
            new TreeSet<>(),
            Optional.empty(),
            new TreeMap<>(Map.of(relaxed, Durability.FULL)),
            new TreeSet<>()));
    other.execute("SET GLOBAL sync_binlog=0, GLOBAL innodb_flush_log_at_trx_commit=0");
    Ran next = tool.run(words);
    assertThat(next.exit()).as(next.out() + next.err()).isZero();
    assertThat(next.out())
        .contains("done: the interrupted run has moved the role")
        .contains("restored the durability of " + other.address());
    assertThat(other.value("SELECT @@sync_binlog + @@innodb_flush_log_at_trx_commit"))
        .isEqualTo("2");
  }

  @Test
  void aDryRunStartsNoReceivingThatAKilledRunStopped() throws Exception {
    LabServer replica = replicas().getFirst();
    intended(new TreeMap<>(), new TreeSet<>(List.of(new ServerId(replica.address()))));
    replica.execute("STOP SLAVE IO_THREAD");
    String ignored = "-ignore-servers=" + Tool.addresses(replicas());
    Ran dry = tool.run("-hosts=" + all(), "-switchover=keep", ignored, "-dry-run");
    assertThat(dry.exit()).as(dry.out() + dry.err()).isEqualTo(3);
    assertThat(replica.rows("SHOW ALL SLAVES STATUS").getFirst().get("Slave_IO_Running"))
        .isEqualTo("No");
    Ran ran = tool.run("-hosts=" + all(), "-switchover=keep", ignored);
    assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(3);
    follows(replica, primary);
  }

  /** What a killed run has in its journal. */
  private void intended(SortedMap<ServerId, Durability> relaxed, SortedSet<ServerId> halted)
      throws Exception {
    tool.run("-hosts=" + all(), "-failover=check");
    TreeSet<ServerId> none = new TreeSet<>();
    stored(new Entry.Intended(7, List.of("drain"), none, Optional.empty(), relaxed, halted));
  }

  private void stored(Entry entry) throws Exception {
    try (DirectoryStream<Path> stores = Files.newDirectoryStream(folder.resolve("state"));
        LocalStore store = LocalStore.open(stores.iterator().next())) {
      store.append(List.of(entry));
    }
  }

  @Test
  void aManagedClusterIsLeftToItsManager() throws Exception {
    LabServer replica = replicas().getFirst();
    replica.execute(
        "SET SESSION sql_log_bin=0",
        "CREATE DATABASE regent_local",
        "CREATE TABLE regent_local.fence (cluster VARCHAR(64) NOT NULL PRIMARY KEY, epoch BIGINT"
            + " UNSIGNED NOT NULL, incarnation BIGINT UNSIGNED NOT NULL, manager VARCHAR(255) NOT"
            + " NULL, connection BIGINT UNSIGNED NOT NULL)",
        "INSERT INTO regent_local.fence VALUES ('shop', 4, 2, 'pid 1', 7)");
    Ran gone = tool.run("-hosts=" + all(), "-switchover=keep");
    assertThat(gone.exit()).isEqualTo(3);
    assertThat(gone.err()).contains("cluster shop").contains("DELETE FROM regent_local.fence");
    try (Connection manager = replica.connect(lab.cluster().accounts().regent());
        Statement office = manager.createStatement()) {
      office.execute("SELECT GET_LOCK('regent/shop', 0)");
      Ran there = tool.run("-hosts=" + all(), "-switchover=keep");
      assertThat(there.exit()).isEqualTo(3);
      assertThat(there.err()).contains("is managed by Regent").contains("regent switchover");
    }
    assertThat(writable(primary)).isTrue();
  }

  @Test
  void replicasThatTookWritesTakeThemAgainIfAsked() {
    LabServer open = replicas().getFirst();
    LabServer wanted = replicas().getLast();
    open.execute("SET GLOBAL read_only=0");
    primary.kill();
    primary.awaitGone();
    Ran ran =
        tool.run(
            "-host=" + primary.address(),
            "-slaves=" + Tool.addresses(replicas()),
            "-failover=dead",
            "-readonly=false",
            "-prefmaster=" + wanted.address());
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(writable(wanted)).isTrue();
    assertThat(writable(open)).isTrue();
    follows(open, wanted);
    open.execute("SET GLOBAL read_only=1");
  }
}
