package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.Kind;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrontTest {
  private static final String OPEN = Desktop.SMALLEST + "[tls]\nmode = \"off\"\n";

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
                List.of(new Listener(Kind.PRIMARY, "127.0.0.1", 3307)),
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
        port = 3308
        [continuity]
        hold = "5s"
        replay_max = 0
        """;
    assertThat(new Desktop(temp).loaded(OPEN + text).front())
        .contains(
            new FrontSettings(
                List.of(
                    new Listener(Kind.PRIMARY, "0.0.0.0", 3307),
                    new Listener(Kind.PRIMARY, "127.0.0.1", 3308)),
                Duration.ofSeconds(5),
                0));
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
  void kindsThatAreNotThereYetAreNotAccepted() {
    assertThat(
            new Desktop(temp).mistakesIn(OPEN + "[[listener]]\nport = 3307\nkind = \"replica\"\n"))
        .isNotEmpty();
  }
}
