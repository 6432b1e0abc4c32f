package dev.regent.server.store;

import static dev.regent.server.store.Stories.DB1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditTrailTest {
  @TempDir Path temp;

  private Path file() {
    return temp.resolve("audit.jsonl");
  }

  private static Event event(int number) {
    return new Event.Contact(1_795_475_460_250L + number, DB1, false, "connection refused");
  }

  @Test
  void oneLineTellsPeopleAndPrograms() throws Exception {
    try (AuditTrail trail = AuditTrail.open(file(), "shop", AuditTrail.ROTATE_AT)) {
      trail.tell(event(0));
      trail.tell(new Event.Trouble(1_795_475_461_000L, "two\nlines"));
    }
    assertThat(Files.readAllLines(file()))
        .containsExactly(
            "{\"time\":\"2026-11-23T23:11:00.250Z\",\"cluster\":\"shop\",\"name\":\"Contact\","
                + "\"severity\":\"WARNING\",\"server\":\"db1\","
                + "\"sentence\":\"db1 does not answer: connection refused\","
                + "\"data\":{\"atMillis\":1795475460250,\"server\":\"db1\",\"reachable\":false,"
                + "\"detail\":\"connection refused\"}}",
            "{\"time\":\"2026-11-23T23:11:01.000Z\",\"cluster\":\"shop\",\"name\":\"Trouble\","
                + "\"severity\":\"CRITICAL\",\"server\":null,\"sentence\":\"two\\nlines\","
                + "\"data\":{\"atMillis\":1795475461000,\"what\":\"two\\nlines\"}}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void rotatesBySizeAndForgetsTheOldest() throws Exception {
    try (AuditTrail trail = AuditTrail.open(file(), "shop", 1_000)) {
      IntStream.range(0, 200).forEach(i -> trail.tell(event(i)));
      List<String> all = trail.tail(1_000);
      assertThat(all).hasSizeBetween(20, 60);
      assertThat(all).last().isEqualTo(AuditTrail.line("shop", event(199)));
      assertThat(all)
          .isSortedAccordingTo((a, b) -> a.substring(0, 40).compareTo(b.substring(0, 40)));
      assertThat(trail.tail(7)).isEqualTo(all.subList(all.size() - 7, all.size()));
      assertThat(trail.tail(0)).isEmpty();
    }
    assertThat(temp.toFile().list()).hasSize(1 + AuditTrail.KEPT);
    for (int number = 1; number <= AuditTrail.KEPT; number++) {
      assertThat(Files.size(temp.resolve("audit.jsonl." + number))).isLessThanOrEqualTo(1_000);
    }
  }

  @Test
  void aLineCutShortByACrashDoesNotSpoilTheNext() throws Exception {
    Files.writeString(file(), "{\"time\":\"2026-");
    try (AuditTrail trail = AuditTrail.open(file(), "shop", AuditTrail.ROTATE_AT)) {
      trail.tell(event(1));
      assertThat(trail.tail(5))
          .containsExactly("{\"time\":\"2026-", AuditTrail.line("shop", event(1)));
    }
  }

  @Test
  void aFollowerGetsTheLastLinesAndThenEveryNewOne() throws Exception {
    List<String> heard = new ArrayList<>();
    try (AuditTrail trail = AuditTrail.open(file(), "shop", 1_000)) {
      IntStream.range(0, 10).forEach(i -> trail.tell(event(i)));
      AutoCloseable following = trail.follow(2, heard::add);
      trail.tell(event(10));
      following.close();
      trail.tell(event(11));
    }
    assertThat(heard)
        .containsExactlyElementsOf(
            IntStream.of(8, 9, 10).mapToObj(i -> AuditTrail.line("shop", event(i))).toList());
  }

  @Test
  void aFollowerThatThrowsIsDroppedAlone() throws Exception {
    List<String> heard = new ArrayList<>();
    try (AuditTrail trail = AuditTrail.open(file(), "shop", AuditTrail.ROTATE_AT);
        AutoCloseable bad =
            trail.follow(
                0,
                line -> {
                  heard.add("bad");
                  throw new IllegalStateException("full");
                });
        AutoCloseable good = trail.follow(0, line -> heard.add("good"))) {
      assertThat(bad).isNotSameAs(good);
      trail.tell(event(1));
      trail.tell(event(2));
      assertThat(trail.tail(5)).hasSize(2);
    }
    assertThat(heard).containsExactly("bad", "good", "good");
  }

  @Test
  void aFullDiskStopsTheFileAndNothingElse() throws Exception {
    List<String> heard = new ArrayList<>();
    try (SmallDisk disk = SmallDisk.in(temp);
        AuditTrail trail = AuditTrail.open(disk.mount().resolve("audit.jsonl"), "shop", 1 << 20);
        AutoCloseable following = trail.follow(0, heard::add)) {
      trail.tell(event(0));
      assertThat(trail.stopped()).isEmpty();
      disk.fill();
      IntStream.range(1, 100).forEach(i -> trail.tell(event(i)));
      assertThat(trail.stopped())
          .hasValueSatisfying(why -> assertThat(why).contains("No space left on device"));
      assertThat(heard).hasSize(100);
      assertThat(following).isNotNull();
    }
  }
}
