package dev.regent.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoFlagsTest {
  private static GoFlags parse(String... words) throws Exception {
    return GoFlags.parse(List.of(words));
  }

  @Test
  void readsTheSpellingsOfGo() throws Exception {
    GoFlags flags =
        parse("-host", "a", "--slaves=b,c", "-verbose", "-interactive=F", "--maxdelay", "7");
    assertThat(flags.text("host")).isEqualTo("a");
    assertThat(flags.list("slaves")).containsExactly("b", "c");
    assertThat(flags.on("verbose")).isTrue();
    assertThat(flags.on("interactive")).isFalse();
    assertThat(flags.number("maxdelay")).isEqualTo(7);
    assertThat(flags.number("wait-kill")).isEqualTo(5000);
    assertThat(flags.rest()).isEmpty();
  }

  @Test
  void aBooleanTakesNoWordAndTheFlagsEndAtTheFirstThatIsNone() throws Exception {
    GoFlags flags = parse("-verbose", "false", "-failover=dead");
    assertThat(flags.on("verbose")).isTrue();
    assertThat(flags.has("failover")).isFalse();
    assertThat(flags.rest()).containsExactly("false", "-failover=dead");
    assertThat(parse("-verbose", "--", "-host").rest()).containsExactly("-host");
    assertThat(parse("-").rest()).containsExactly("-");
  }

  @Test
  void theLastOneCountsAndAValueMayBeEmptyOrHaveAnEqualsSign() throws Exception {
    assertThat(parse("-host=a", "-host=b").text("host")).isEqualTo("b");
    assertThat(parse("-host=").text("host")).isEmpty();
    assertThat(parse("-user=a:b=c").text("user")).isEqualTo("a:b=c");
  }

  @ParameterizedTest
  @CsvSource({
    "-nonsense,           flag provided but not defined: -nonsense",
    "---host=a,           bad flag syntax: ---host=a",
    "-=a,                 bad flag syntax: -=a",
    "-host,               flag needs an argument: -host",
    "-verbose=maybe,      'invalid boolean value \"maybe\" for -verbose: parse error'",
    "-maxdelay=soon,      'invalid value \"soon\" for flag -maxdelay: a number is wanted'",
    "-maxdelay=-1,        'invalid value \"-1\" for flag -maxdelay: a number is wanted'",
  })
  void whatCannotBeUnderstoodIsNamed(String word, String message) {
    assertThatThrownBy(() -> parse(word)).isInstanceOf(GoFlags.Mistake.class).hasMessage(message);
  }

  /** {@code -slaves $nodelist} with an empty variable would make a value of the next flag. */
  @Test
  void anEmptyVariableOfAScriptSwallowsNoFlag() {
    assertThatThrownBy(() -> parse("-slaves", "-failover=dead"))
        .hasMessage("flag -slaves has no value: the next word is -failover");
  }

  @Test
  void helpIsAskedForInTheUsualWays() {
    for (String word : List.of("-h", "--help", "-help")) {
      assertThatThrownBy(() -> parse(word)).isInstanceOf(GoFlags.HelpWanted.class);
    }
  }
}
