package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real file system of 64 KiB, in memory; the test is skipped where we may not mount one. */
record SmallDisk(Path mount) implements AutoCloseable {

  static SmallDisk in(Path directory) throws Exception {
    Path mount = Files.createDirectory(directory.resolve("small"));
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()))
        .as("mounting a small file system needs root")
        .isZero();
    return new SmallDisk(mount);
  }

  /** Takes all the room that is left. */
  void fill() {
    try (OutputStream out = Files.newOutputStream(mount.resolve("other"))) {
      while (true) {
        out.write("nothing but bytes\n".repeat(100).getBytes(UTF_8));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  void empty() throws IOException {
    Files.delete(mount.resolve("other"));
  }

  @Override
  public void close() {
    run("umount", "-l", mount.toString());
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .orTimeout(10, TimeUnit.SECONDS)
          .join()
          .exitValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
