package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.Networks;
import dev.regent.proxy.session.Settings.Causal;
import dev.regent.proxy.session.Settings.Kind;
import dev.regent.proxy.session.Settings.Reads;
import dev.regent.server.front.ClientPasswords;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.Listener;
import dev.regent.server.front.FrontSettings.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrontTest {
  private static final String OPEN = Desktop.SMALLEST + "[tls]\nmode = \"off\"\n";

  private static final ServerId DB1 = new ServerId("db1");
  private static final ServerId DB2 = new ServerId("db2");

  @TempDir Path temp;

  @Test
  void withoutAPortThereIsNoProxy() {
    assertThat(new Desktop(temp).loaded(OPEN).front()).isEmpty();
    assertThat(new Desktop(temp).loaded(OPEN + "[[listener]]\nkind = \"primary\"\n").front())
        .isEmpty();
  }

  @Test
  void portAloneIsEnough() {
    assertThat(new Desktop(temp).loaded(OPEN + "[[listener]]\nport = 3307\n").front())
        .contains(
            new FrontSettings(
                List.of(new Listener(Kind.READ_WRITE_SPLIT, "127.0.0.1", 3307, Reads.USUAL)),
                Map.of(DB1, Member.USUAL, DB2, Member.USUAL),
                Duration.ofSeconds(30),
                1 << 20));
  }

  @Test
  void everythingCanBeSet() {
    String text =
        """
        [[listener]]
        kind = "primary"
        address = "0.0.0.0"
        port = 3307
        [[listener]]
        kind = "replica"
        port = 3308
        zone = "berlin"
        max_lag = "10s"
        fallback = "none"
        causal_reads = "global"
        causal_reads_timeout = "250ms"
        [continuity]
        hold = "5s"
        replay_max = 0
        [daemon]
        proxy_loops = 3
        """;
    assertThat(new Desktop(temp).loaded(OPEN + text).front())
        .contains(
            new FrontSettings(
                List.of(
                    new Listener(Kind.PRIMARY, "0.0.0.0", 3307, Reads.USUAL),
                    new Listener(
                        Kind.REPLICA,
                        "127.0.0.1",
                        3308,
                        new Reads(
                            "berlin",
                            OptionalLong.of(10),
                            false,
                            Causal.GLOBAL,
                            Duration.ofMillis(250)))),
                Map.of(DB1, Member.USUAL, DB2, Member.USUAL),
                Duration.ofSeconds(5),
                0,
                ClientPasswords.NONE,
                3));
  }

  @Test
  void serversHaveWeightsAndZones() {
    String text =
        OPEN.replaceFirst("name = \"db1\"", "name = \"db1\"\nweight = 3\nzone = \"berlin\"")
            + "[[listener]]\nport = 3307\n";
    assertThat(new Desktop(temp).loaded(text).front().orElseThrow().members())
        .containsEntry(DB1, new Member(3, "berlin"))
        .containsEntry(DB2, Member.USUAL);
  }

  @Test
  void twoListenersNeedTwoPorts() {
    assertThat(
            new Desktop(temp)
                .mistakesIn(OPEN + "[[listener]]\nport = 3307\n[[listener]]\nport = 3307\n"))
        .singleElement()
        .asString()
        .contains("127.0.0.1 port 3307 is taken since line");
  }

  @Test
  void connectionsAreUsedAgainWhereThatIsWanted() {
    String listener = OPEN + "[[listener]]\nport = 3307\n";
    assertThat(pool(listener)).isEqualTo(new Pool(0, Duration.ofSeconds(60)));
    assertThat(pool(listener + "pool_max = 100\n"))
        .isEqualTo(new Pool(100, Duration.ofSeconds(60)));
    assertThat(pool(listener + "pool_max = 9\npool_time = \"5s\"\n"))
        .isEqualTo(new Pool(9, Duration.ofSeconds(5)));
  }

  private Pool pool(String text) {
    return new Desktop(temp).loaded(text).front().orElseThrow().listeners().getFirst().pool();
  }

  @Test
  void mistakesOfThePoolAreNamedAtOnce() {
    String listener = OPEN + "[[listener]]\nport = 3307\n";
    assertThat(new Desktop(temp).mistakesIn(listener + "pool_max = -1\npool_time = \"1h\"\n"))
        .hasSize(2)
        .anySatisfy(mistake -> assertThat(mistake).contains("pool_max"))
        .anySatisfy(mistake -> assertThat(mistake).contains("pool_time"));
    assertThat(new Desktop(temp).mistakesIn(listener + "pool_max = 5\nproxy_protocol = true\n"))
        .singleElement()
        .asString()
        .contains("pool_max is of no use with proxy_protocol");
  }

  @Test
  void tableOfTokensIsNamedInPlainLetters() {
    String listener = OPEN + "[[listener]]\nport = 3307\ncommit_token = ";
    assertThat(new Desktop(temp).loaded(listener + "\"a.b\"\n").front().orElseThrow().listeners())
        .singleElement()
        .satisfies(l -> assertThat(l.commitToken()).contains("a.b"));
    for (String wrong : List.of("token", "a.b c", "a.b; DROP", "`a`.`b`", "a.b.c")) {
      assertThat(new Desktop(temp).mistakesIn(listener + "\"" + wrong + "\"\n"))
          .singleElement()
          .asString()
          .contains("commit_token", wrong, "regent.commit_token");
    }
  }

  @Test
  void addressAloneIsAMistake() {
    assertThat(new Desktop(temp).mistakesIn(OPEN + "[[listener]]\naddress = \"10.0.0.1\"\n"))
        .singleElement()
        .asString()
        .contains("has no port");
  }

  @Test
  void certificateForClientsNeedsItsKeyAndAKeyIsASecret() throws IOException {
    Path certificate = Files.writeString(temp.resolve("proxy.pem"), "not yet\n");
    Path key = Files.writeString(temp.resolve("proxy.key"), "neither\n");
    String listener = OPEN + "[[listener]]\nport = 3307\ntls_certificate = \"proxy.pem\"\n";
    assertThat(new Desktop(temp).mistakesIn(listener))
        .singleElement()
        .asString()
        .contains("tls_key is missing");

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(new Desktop(temp).mistakesIn(listener + "tls_key = \"proxy.key\"\n"))
        .singleElement()
        .asString()
        .contains("chmod 600 " + key);

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(new Desktop(temp).mistakesIn(listener + "tls_key = \"proxy.key\"\n"))
        .singleElement()
        .asString()
        .contains(certificate + " holds no certificate");
  }

  @Test
  void tlsCannotBeRequiredWithoutACertificate() {
    assertThat(
            new Desktop(temp).mistakesIn(OPEN + "[[listener]]\nport = 3307\ntls_required = true\n"))
        .singleElement()
        .asString()
        .contains("needs a certificate");
  }

  @Test
  void unknownKindsAreMistakes() {
    assertThat(new Desktop(temp).mistakesIn(OPEN + "[[listener]]\nport = 3307\nkind = \"slave\"\n"))
        .singleElement()
        .asString()
        .contains("\"read_write_split\", \"primary\", \"replica\"");
  }

  @Test
  void networksOfLoadBalancersAreRead() {
    String listener = OPEN + "[[listener]]\nport = 3307\nproxy_protocol_from = ";
    Networks believed =
        new Desktop(temp)
            .loaded(listener + "[\"10.0.0.0/8\", \"2001:db8::/32\", \"10.1.2.3\"]\n")
            .front()
            .orElseThrow()
            .listeners()
            .getFirst()
            .believed();
    assertThat(believed.all()).extracting(Networks.Network::prefix).containsExactly(8, 32, 32);
    assertThat(new Desktop(temp).mistakesIn(listener + "[\"10.0.0.0/33\", \"lb.example\"]\n"))
        .hasSize(2)
        .allSatisfy(m -> assertThat(m).contains("which is no network"));
  }
}
