package dev.regent.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LogTest {
  private final Log log = new Log();

  @Test
  void firstListIsAllNew() {
    assertThat(log.reaches(List.of("a", "b"))).isFalse();
    assertThat(log.take(List.of("a", "b"))).isEqualTo(new Log.News(true, List.of("a", "b")));
  }

  @Test
  void onlyWhatCameAfterwardsIsNew() {
    log.take(List.of("a", "b"));
    assertThat(log.reaches(List.of("b", "c"))).isTrue();
    assertThat(log.take(List.of("b", "c"))).isEqualTo(new Log.News(false, List.of("c")));
    assertThat(log.take(List.of("b", "c"))).isEqualTo(new Log.News(false, List.of()));
  }

  @Test
  void anotherDaemonsListIsAllNew() {
    log.take(List.of("a", "b"));
    assertThat(log.reaches(List.of("x"))).isFalse();
    assertThat(log.take(List.of("x"))).isEqualTo(new Log.News(true, List.of("x")));
    assertThat(log.take(List.of())).isEqualTo(new Log.News(true, List.of()));
    assertThat(log.reaches(List.of())).isTrue();
  }
}
