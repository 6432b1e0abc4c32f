package dev.regent.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.flags.Request.Act;
import dev.regent.core.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestReaderTest {
  private static final List<String> LOGINS = List.of("-user=root:admin", "-rpluser=repl:a:b");

  @TempDir Path folder;

  private static RequestReader reader(Logins logins, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    if (!String.join(" ", words).contains("user")) {
      all.addAll(LOGINS);
    }
    return new RequestReader(GoFlags.parse(all), logins, false);
  }

  private static Request read(String... words) throws Exception {
    RequestReader reader = reader(Logins.none(), words);
    return reader.read().orElseThrow(() -> new AssertionError(reader.mistakes()));
  }

  private static List<String> mistakes(String... words) throws Exception {
    RequestReader reader = reader(Logins.none(), words);
    assertThat(reader.read()).isEmpty();
    return reader.mistakes();
  }

  private Path login(String name, String text, String mode) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void readsTheCallOfTheHowTo() throws Exception {
    Request request =
        read("-host", "db3:3306", "-slaves", "db1:3306,db2:3306,db3:3306", "-failover=dead");
    assertThat(request.act()).isEqualTo(Act.FAILOVER);
    assertThat(request.primary()).contains(new Endpoint("db3", 3306));
    assertThat(request.servers()).extracting(Endpoint::host).containsExactly("db3", "db1", "db2");
    assertThat(request.admin().user()).isEqualTo("root");
    assertThat(request.replication().password().reveal()).isEqualTo("a:b");
    assertThat(request.choice().dryRun()).isFalse();
  }

  @Test
  void readsTheFormsOfLaterReleases() throws Exception {
    Request force = read("--hosts", "a,b,c", "--failover=force", "--interactive=false");
    assertThat(force.act()).isEqualTo(Act.FAILOVER);
    assertThat(force.primary()).isEmpty();
    assertThat(force.choice().force()).as("force is no licence").isFalse();
    assertThat(read("-hosts=a,b", "-failover=check").choice().dryRun()).isTrue();
    assertThat(read("-hosts=a,b", "-switchover=keep").act()).isEqualTo(Act.SWITCHOVER);
    assertThat(read("-hosts=a,b", "-switchover=kill").act()).isEqualTo(Act.SWITCHOVER);
    assertThat(read("-host=a", "-slaves=b", "-interactive=false", "-failover=alive").act())
        .isEqualTo(Act.SWITCHOVER);
  }

  @Test
  void readsWhoMayBePromotedAndHowLongThingsMayTake() throws Exception {
    Request request =
        read(
            "-hosts=a,b,c",
            "-switchover=keep",
            "-prefmaster=b:3306",
            "-ignore-servers=c",
            "-maxdelay=3",
            "-gtidcheck",
            "-wait-kill=2500",
            "-readonly=false",
            "-failover-time-limit=60");
    assertThat(request.choice().preferred()).contains(new Endpoint("b", 3306));
    assertThat(request.choice().ignored()).containsExactly(new Endpoint("c", 3306));
    assertThat(request.choice().lagMaxSeconds()).isEqualTo(3);
    assertThat(request.choice().equal()).isTrue();
    assertThat(request.limits().freeze()).isEqualTo(Duration.ofMillis(2500));
    assertThat(request.limits().reopen()).isTrue();
    assertThat(request.limits().sinceFailover()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void noActMeansTheConsoleWhereThereIsATerminal() throws Exception {
    for (List<String> none :
        List.of(List.<String>of(), List.of("-failover=alive"), List.of("-failover=monitor"))) {
      assertThat(RequestReader.console(GoFlags.parse(none))).isTrue();
    }
    for (String act : List.of("-failover=dead", "-switchover=keep", "-interactive=false")) {
      assertThat(RequestReader.console(GoFlags.parse(List.of(act)))).isFalse();
    }
    List<String> words = List.of("-host=a", "-slaves=b", "-user=u:p", "-rpluser=r:p");
    RequestReader reader = new RequestReader(GoFlags.parse(words), Logins.none(), true);
    assertThat(reader.read()).as("%s", reader.mistakes()).isPresent();
  }

  @Test
  void monitorWithoutItsConsoleIsTheDaemonsWork() throws Exception {
    assertThat(mistakes("-host=a", "-slaves=b", "-failover=monitor", "-interactive=false"))
        .singleElement()
        .asString()
        .contains("regent run does that");
    assertThat(mistakes("-host=a", "-slaves=b", "-failover=monitor"))
        .singleElement()
        .asString()
        .contains("needs a terminal");
  }

  @Test
  void theConsoleIsAnsweredWithTheFlagsToUse() throws Exception {
    assertThat(mistakes("-host=a", "-slaves=b"))
        .singleElement()
        .asString()
        .contains(
            "console", "needs a terminal", "-failover=", "-switchover=", "-interactive=false");
  }

  @Test
  void allMistakesAreNamedAtOnce() throws Exception {
    assertThat(
            mistakes(
                "-host=:3306",
                "-hosts=a",
                "-failover=soon",
                "-prefmaster=z",
                "-tls=maybe",
                "-pre-failover-script=/nowhere/to/be/found"))
        .hasSize(6)
        .anyMatch(m -> m.contains("\":3306\" is no address"))
        .anyMatch(m -> m.contains("-failover=soon"))
        .anyMatch(m -> m.contains("-prefmaster: z:3306 is not among the servers"));
    assertThat(mistakes("-failover=dead"))
        .containsExactly("no server is named: -hosts, or -host with -slaves");
    assertThat(mistakes("-hosts=a,b", "-failover=force", "-switchover=keep"))
        .singleElement()
        .asString()
        .contains("only one of them");
  }

  @Test
  void passwordsMayStandInFilesOfTheirOwn() throws Exception {
    Path admin = login("admin", "root:from-file\n", "rw-------");
    Request request = read("-hosts=a,b", "-failover=dead", "-user=@" + admin, "-rpluser", "repl:x");
    assertThat(request.admin().password().reveal()).isEqualTo("from-file");
  }

  @Test
  void aPasswordFileThatOthersMayReadIsRefused() throws Exception {
    Path open = login("open", "root:from-file\n", "rw-r-----");
    assertThat(mistakes("-hosts=a,b", "-failover=dead", "-user=@" + open, "-rpluser=r:p"))
        .singleElement()
        .asString()
        .contains("chmod 600")
        .doesNotContain("from-file");
  }

  @Test
  void theLauncherHandsOverWhatItTookOffTheCommandLine() throws Exception {
    Path pipe = Files.writeString(folder.resolve("pipe"), "user=root:a=b\nrpluser=repl:c\n");
    RequestReader reader =
        new RequestReader(
            GoFlags.parse(List.of("-hosts=a,b", "-failover=dead")), Logins.handedOver(pipe), false);
    Request request = reader.read().orElseThrow();
    assertThat(request.admin().password().reveal()).isEqualTo("a=b");
    assertThat(request.replication().user()).isEqualTo("repl");
  }

  @Test
  void noMessageQuotesALogin() throws Exception {
    assertThat(mistakes("-hosts=a,b", "-failover=dead", "-user=:secret", "-rpluser=r:p"))
        .singleElement()
        .asString()
        .contains("-user has no user")
        .doesNotContain("secret");
  }
}
