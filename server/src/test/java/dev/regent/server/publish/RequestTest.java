package dev.regent.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestTest {

  @Test
  void commandAloneIsEnough() throws Exception {
    Request request = Request.parse("{\"command\":\"status\"}", "ada");
    assertThat(request.command()).isEqualTo("status");
    assertThat(request.columns()).isEqualTo(80);
    assertThat(request.color()).isFalse();
    assertThat(request.user()).isEqualTo("ada");
    assertThat(request.flag("json")).isFalse();
    assertThat(request.text("to")).isEmpty();
  }

  @Test
  void readsArgumentsByTheirKind() throws Exception {
    Request request =
        Request.parse(
            "{\"command\":\"x\",\"args\":{\"to\":\"db2\",\"force\":true,\"last\":7},"
                + "\"tty\":true,\"columns\":1000,\"color\":true,\"user\":\"ada\"}",
            "ada");
    assertThat(request.text("to")).contains("db2");
    assertThat(request.flag("force")).isTrue();
    assertThat(request.number("last")).hasValue(7);
    assertThat(request.columns()).isEqualTo(200);
    assertThat(request.color()).isTrue();
  }

  @Test
  void rootActingForSomebodyIsCalledBoth() throws Exception {
    assertThat(Request.parse("{\"command\":\"x\",\"user\":\"ada\\n\"}", "root").user())
        .isEqualTo("ada (as root)");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          `hello`                          | not JSON
          `[1]`                            | not a JSON object
          `{"args":{}}`                    | names no command
          `{"command":1}`                  | names no command
          `{"command":"x","args":3}`       | not an object
          `{"command":"x","dryRun":true}`  | unknown key 'dryRun'
          """,
      delimiter = '|')
  void refusesWhatItCannotUnderstand(String line, String complaint) {
    assertThatThrownBy(() -> Request.parse(line, "ada"))
        .isInstanceOf(Request.Mistake.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void misspeltArgumentIsRefused() throws Exception {
    Request request = Request.parse("{\"command\":\"failover\",\"args\":{\"dryrun\":true}}", "ada");
    assertThatThrownBy(() -> request.only("to", "force", "dryRun"))
        .hasMessage("command 'failover' has no argument 'dryrun'");
  }
}
