package dev.regent.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir private Path parent;

  @Test
  void oneOfManyWinsAndNothingElseIsLeft() throws IOException {
    Parallel.forEach(
        IntStream.range(0, 8).boxed().toList(),
        i -> AtomicFolder.create(parent, "x", f -> Files.writeString(f.resolve("who"), "" + i)));

    assertThat(names()).containsExactly("x");
    assertThat(Files.readString(parent.resolve("x/who"))).matches("[0-7]");
  }

  @Test
  void failureLeavesNothing() throws IOException {
    assertThatThrownBy(() ->
            AtomicFolder.create(
                parent,
                "x",
                folder -> {
                  Files.writeString(folder.resolve("half"), "");
                  throw new IOException("disk full");
                }))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(parent.resolve("x").toString())
        .hasMessageContaining("disk full");
    assertThat(names()).isEmpty();
  }

  @Test
  void oldAbandonedWorkIsCleared() throws IOException {
    Path old = Files.createDirectory(parent.resolve(".work-old"));
    Path recent = Files.createDirectory(parent.resolve(".work-recent"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(3))));

    AtomicFolder.create(parent, "x", folder -> {});

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}
