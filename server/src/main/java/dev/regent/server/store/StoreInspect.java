package dev.regent.server.store;

import java.io.IOException;
import java.nio.file.Path;

/** Shows a store to people, for support. Takes no lock and changes nothing. */
public final class StoreInspect {
  private StoreInspect() {}

  /**
   * Appends a listing of the journal in this directory: each frame with its offset and entries, a
   * torn tail if there is one, and the state they amount to.
   *
   * @throws IOException if there is no journal, or it is damaged: the message has file and offset
   */
  public static void list(Path directory, Appendable out) throws IOException {
    Path path = directory.resolve(Journal.NAME);
    JournalReader.Content content = JournalReader.read(path);
    out.append(path + ", format " + JournalReader.VERSION + "\n");
    for (JournalReader.Located located : content.frames()) {
      Frame frame = located.frame();
      out.append(
          "byte "
              + located.offset()
              + ": frame "
              + frame.sequence()
              + ", "
              + words(frame.kind())
              + "\n");
      for (String line : frame.payload().lines().toList()) {
        out.append("  " + line + "\n");
      }
    }
    if (content.torn().isPresent()) {
      out.append("torn tail, ignored: " + content.torn().get() + "\n");
    }
    out.append("state:\n" + Json.pretty(Journal.fold(path, content.frames())) + "\n");
  }

  private static String words(Frame.Kind kind) {
    return switch (kind) {
      case SNAPSHOT -> "snapshot";
      case DURABLE -> "durable";
      case LAZY -> "lazy";
    };
  }
}
