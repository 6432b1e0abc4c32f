package dev.regent.sim.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {
  @ParameterizedTest
  @CsvSource({
    "10.6.18, false",
    "10.6.19, true",
    "10.11.5, false",
    "10.11.9, true",
    "11.4.2, false",
    "11.4.5, true",
    "11.8.1, true",
    "12.0.1, true",
    // A series that never got it, between two that did, and one from before all of them.
    "11.3.2, false",
    "10.5.23, false"
  })
  void fixCameIntoSeveralSeries(String version, boolean has) {
    assertThat(Version.parse(version).hasFix("10.6.19", "10.11.9", "11.4.3")).isEqualTo(has);
  }

  @Test
  void readsWhatAServerSays() {
    assertThat(Version.parse("11.4.5-MariaDB-log")).isEqualTo(new Version(11, 4, 5));
    assertThat(Version.parse("10.11.5").since("10.10.0")).isTrue();
    assertThat(Version.parse("10.5.23").since("10.10.0")).isFalse();
    assertThatThrownBy(() -> Version.parse("11.4")).hasMessageContaining("not a version: 11.4");
  }
}
