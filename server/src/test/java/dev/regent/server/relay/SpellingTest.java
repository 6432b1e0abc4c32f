package dev.regent.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 2130706433",
    "192.168.56.113, 3232249969",
    "db1, db1.",
    "db1.example.com., db1.example.com",
    "localhost, localhost.",
    "::1, 0:0:0:0:0:0:0:1",
    "0:0:0:0:0:0:0:1, 0000:0000:0000:0000:0000:0000:0000:0001",
    "fe80::ABCD, fe80:0:0:0:0:0:0:abcd"
  })
  void hostHasAnotherName(String host, String other) {
    assertThat(Spelling.other(host)).isEqualTo(other);
  }
}
