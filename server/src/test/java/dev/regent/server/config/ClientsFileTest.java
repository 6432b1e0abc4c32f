package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Secret;
import dev.regent.server.front.ClientPasswords.Entry;
import dev.regent.server.front.ClientPasswords.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientsFileTest {
  @TempDir Path temp;

  @Test
  void passwordsAreRead() {
    assertThat(
            read(
                "rw-------",
                """
                [[client]]
                user = "app"
                password = "hunter2"
                [[client]]
                user = "app"
                host = "10.%"
                password = "hunter3"
                """))
        .isEqualTo(
            new Reading.Read(
                List.of(
                    new Entry("app", Optional.empty(), Secret.of("hunter2")),
                    new Entry("app", Optional.of("10.%"), Secret.of("hunter3")))));
  }

  @Test
  void nothingIsTakenOfAFileWithMistakesAndAllAreNamed() {
    List<String> mistakes =
        mistakes(
            "rw-r--r--",
            """
            [[client]]
            user = "app"
            password = "hunter2"
            [[client]]
            user = "app"
            password = "hunter3"
            [[client]]
            password = "hunter4"
            [[client]]
            user = "other"
            pasword = "hunter5"
            [[client]]
            user = "third"
            password = 6
            [clients]
            """);

    assertThat(mistakes)
        .anySatisfy(m -> assertThat(m).contains("may be read by others (chmod 600 "))
        .anySatisfy(m -> assertThat(m).contains("line 5: [[client]] user has a password already"))
        .anySatisfy(m -> assertThat(m).contains("line 7: [[client]] user is missing"))
        .anySatisfy(m -> assertThat(m).contains("[[client]] password is missing"))
        .anySatisfy(m -> assertThat(m).contains("has no key pasword (did you mean password?)"))
        .anySatisfy(m -> assertThat(m).contains("line 14: [[client]] password must be a text"))
        .anySatisfy(m -> assertThat(m).contains("there is no section [clients]"))
        .hasSize(7);
    assertThat(
            mistakes(
                "rw-------",
                """
                [[client]]
                user = "app"
                host = "Web.example"
                password = "hunter2"
                [[client]]
                user = "app"
                host = "web.example"
                password = "hunter3"
                """))
        .singleElement()
        .satisfies(m -> assertThat(m).contains("line 6: [[client]] user has a password already"));
    assertThat(String.join(" ", mistakes)).doesNotContain("hunter");
  }

  @Test
  void lineThatIsNoTomlIsNotShown() {
    assertThat(mistakes("rw-------", "[[client]]\nuser = hunter2\npass word = \"hunter3\"\n"))
        .hasSizeGreaterThanOrEqualTo(1)
        .allSatisfy(m -> assertThat(m).contains("this is not TOML").doesNotContain("hunter"));
  }

  @Test
  void fileThatIsNotThereIsAMistakeOfTheConfiguration() {
    String text = Desktop.SMALLEST + "clients_file = \"clients.toml\"\n[tls]\nmode = \"off\"\n";
    assertThat(new Desktop(temp).mistakesIn(text))
        .singleElement()
        .satisfies(m -> assertThat(m.toString()).contains("clients.toml does not exist"));

    new Desktop(temp).write("clients.toml", "rw-rw-rw-", "");
    assertThat(new Desktop(temp).mistakesIn(text))
        .singleElement()
        .satisfies(m -> assertThat(m.toString()).contains("chmod 600"));

    new Desktop(temp).write("clients.toml", "rw-------", "");
    assertThat(new Desktop(temp).loaded(text + "[[listener]]\nport = 3307\n").front().orElseThrow())
        .satisfies(
            front -> assertThat(front.passwords().read()).isEqualTo(new Reading.Read(List.of())));
  }

  @Test
  void entryForOneAccountCountsBeforeOneForAllOfThemInWhateverOrder() {
    Entry here = new Entry("app", Optional.of("10.%"), Secret.of("here"));
    Entry anywhere = new Entry("app", Optional.empty(), Secret.of("anywhere"));
    Entry other = new Entry("other", Optional.of("10.%"), Secret.of("not this one"));

    particularFirst(new Reading.Read(List.of(other, here, anywhere)));
    particularFirst(new Reading.Read(List.of(other, anywhere, here)));
  }

  private static void particularFirst(Reading.Read read) {
    assertThat(read.of("app", "10.%")).contains(Secret.of("here"));
    assertThat(read.of("app", "%")).contains(Secret.of("anywhere"));
    assertThat(read.of("App", "%")).isEmpty();
  }

  private Reading read(String permissions, String text) {
    return new ClientsFile(new Desktop(temp).write("clients.toml", permissions, text)).read();
  }

  private List<String> mistakes(String permissions, String text) {
    return ((Reading.Failed) read(permissions, text)).mistakes();
  }
}
