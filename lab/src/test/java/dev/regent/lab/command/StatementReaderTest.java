package dev.regent.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.command.StatementReader.Parsed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementReaderTest {

  @Test
  void semicolonEndsAStatementAndTheLastNeedsNone() {
    assertThat(texts("select 1; select 2;;\nselect\n  3"))
        .containsExactly("select 1", "select 2", "select\n  3");
  }

  @Test
  void backslashGShowsValuesOnePerLine() {
    assertThat(read("show slave status\\G select 1;"))
        .containsExactly(new Parsed("show slave status", true), new Parsed("select 1", false));
  }

  @Test
  void quotesHideEndMarks() {
    assertThat(texts("select ';', \";\\\";\", `a;b`, 'it''s;'; select 'a\\\\'; select 2"))
        .containsExactly("select ';', \";\\\";\", `a;b`, 'it''s;'", "select 'a\\\\'", "select 2");
    assertThat(texts("select 'two\nlines;'; x")).containsExactly("select 'two\nlines;'", "x");
  }

  @Test
  void commentsHideEndMarksAndLineCommentsAreDropped() {
    assertThat(texts("select /* ; ' */ 1; -- it's; nothing\n# nor; this\nselect 5--1"))
        .containsExactly("select /* ; ' */ 1", "select 5--1");
  }

  @Test
  void delimiterChangesTheEndMark() {
    assertThat(texts("delimiter //\nbegin not atomic select 1; end//\nDELIMITER ;\nselect 2;"))
        .containsExactly("begin not atomic select 1; end", "select 2");
  }

  @Test
  void nothingIsNoStatement() {
    assertThat(texts(" \n;;\n-- only this")).isEmpty();
  }

  private static List<String> texts(String input) {
    return read(input).stream().map(Parsed::sql).toList();
  }

  private static List<Parsed> read(String input) {
    StatementReader reader = new StatementReader();
    List<Parsed> all = new ArrayList<>();
    input.lines().forEach(line -> all.addAll(reader.line(line)));
    all.addAll(reader.end());
    return all;
  }
}
