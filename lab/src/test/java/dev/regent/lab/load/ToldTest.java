package dev.regent.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToldTest {
  private static final Duration SOON = Duration.ofMillis(3);

  @ParameterizedTest
  @CsvSource({
    "1213, 40001, ROLLED_BACK",
    "2013, 08007, UNKNOWN",
    "1836, HY000, REFUSED",
    "1927, 08S01, REFUSED",
    "1040, 08004, REFUSED",
    "0,    08000, NO_PROXY",
    "-1,   08000, NO_PROXY",
    "1290, HY000, WRONG",
    "1927, 70100, WRONG",
    "2013, 08S01, WRONG"
  })
  void isTheDocumentsWord(int code, String state, Told told) {
    assertThat(Told.by(new SQLException("x", state, code), SOON)).isEqualTo(told);
  }

  /** Connector/J sets its session up as it connects, and reports what that was told as its own. */
  @Test
  void whatADriverHidesIsFound() {
    SQLException inside = new SQLException("(Regent)", "08007", 2013);
    SQLException shown = new SQLException("Initialization command fail", "08000", -1, inside);
    assertThat(Told.by(shown, SOON)).isEqualTo(Told.UNKNOWN);
  }

  @Test
  void whoWaitsInVainHearsSilence() {
    SQLException timeout = new SQLException("Socket error: read timed out", "08000", -1);
    assertThat(Told.by(timeout, Told.PATIENCE)).isEqualTo(Told.SILENCE);
  }

  @ParameterizedTest
  @CsvSource({"ROLLED_BACK, ROLLED_BACK", "WRONG, WRONG", "DONE, DONE"})
  void isReadBackFromALedger(Told told, Told read) {
    Write write =
        new Write(1, 1, 1, 0, 0, Write.Outcome.FAIL, "p:1", told.because("1213 40001 so it is"));
    assertThat(Told.of(write)).isEqualTo(read);
  }
}
