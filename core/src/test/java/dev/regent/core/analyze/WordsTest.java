package dev.regent.core.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.9999S, 999 ms",
    "PT1S, 1 s",
    "PT9M59.9S, 599 s",
    "PT10M, 10 min",
    "PT9H59M, 599 min",
    "PT100H, 100 h"
  })
  void timeHasTheUnitInWhichPeopleWouldSayIt(Duration time, String words) {
    assertThat(Words.time(time)).isEqualTo(words);
  }
}
