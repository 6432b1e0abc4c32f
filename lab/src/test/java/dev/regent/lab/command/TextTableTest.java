package dev.regent.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final List<String> TITLES = List.of("id", "née");
  private static final List<List<String>> ROWS =
      List.of(List.of("1", "NULL"), List.of("1000", "a\tb\nc"));

  @Test
  void framedLooksLikeTheClient() {
    assertThat(TextTable.framed(TITLES, ROWS))
        .isEqualTo(
            """
            +------+-------+
            | id   | née   |
            +------+-------+
            | 1    | NULL  |
            | 1000 | a b c |
            +------+-------+
            """);
  }

  @Test
  void plainHasNoLinesAndNoTrailingSpace() {
    assertThat(TextTable.plain(List.of("A", "B", "C"), List.of(List.of("long", "x", ""))))
        .isEqualTo(
            """
            A     B  C
            long  x
            """);
  }

  @Test
  void verticalHasOneValuePerLine() {
    assertThat(TextTable.vertical(TITLES, ROWS))
        .isEqualTo(
            """
            *** 1. row ***
             id: 1
            née: NULL
            *** 2. row ***
             id: 1000
            née: a\tb
            c
            """);
  }
}
