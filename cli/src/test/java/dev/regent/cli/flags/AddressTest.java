package dev.regent.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "db1,                   db1:3306",
    "db1:3307,              db1:3307",
    "DB1.example.com,       db1.example.com:3306",
    "192.168.56.111:3306,   192.168.56.111:3306",
    "[192.168.56.111]:3307, 192.168.56.111:3307",
    "[db1],                 db1:3306",
    "[fe80::1]:3307,        [fe80::1]:3307",
    "[::1],                 [::1]:3306",
    "::1,                   [::1]:3306",
    "2001:db8::2,           [2001:db8::2]:3306",
  })
  void readsWhatMonitorsWrite(String text, String address) {
    assertThat(Address.parse(text).orElseThrow()).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":3306",
        "db1:",
        "db1:0",
        "db1:65536",
        "db1:x",
        "[::1",
        "[::1]3306",
        "[::1]:",
        "a b",
        "db1;rm",
        "[]:1",
        "db1'"
      })
  void takesNothingElse(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }
}
