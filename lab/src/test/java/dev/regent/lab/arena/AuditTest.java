package dev.regent.lab.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Event;
import dev.regent.server.store.AuditTrail;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  @TempDir private Path folder;

  @Test
  void marksHoldWhenTheTrailIsRotated() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    Audit audit = new Audit(file);
    Audit.Mark beginning = audit.mark();
    // A line is longer than half of this: each has a file of its own.
    try (AuditTrail trail = AuditTrail.open(file, "shop", 200)) {
      trail.tell(new Event.Trouble(1, "first"));
      trail.tell(new Event.Trouble(2, "second"));
      Audit.Mark mark = audit.mark();
      trail.tell(new Event.Trouble(3, "third"));
      trail.tell(new Event.Trouble(4, "fourth"));

      assertThat(folder.resolve("audit.jsonl.2")).exists();
      assertThat(sentences(audit.since(mark))).containsExactly("third", "fourth");
      assertThat(sentences(audit.since(beginning)))
          .containsExactly("first", "second", "third", "fourth");
      assertThat(audit.since(audit.mark())).isEmpty();
    }
  }

  private static List<String> sentences(List<AuditLine> lines) {
    return lines.stream().map(AuditLine::sentence).toList();
  }
}
