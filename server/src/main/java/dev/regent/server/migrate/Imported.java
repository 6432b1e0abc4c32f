package dev.regent.server.migrate;

import dev.regent.server.config.Mistake;
import java.nio.file.Path;
import java.util.List;

/** What came of an import: a file, or every reason why there is none. */
public sealed interface Imported {

  /**
   * @param from which program's configuration it was
   * @param todo what is left to do before the file is complete
   */
  record Written(Path file, String from, List<Leftover> leftovers, List<String> todo)
      implements Imported {
    public Written {
      leftovers = List.copyOf(leftovers);
      todo = List.copyOf(todo);
    }
  }

  /** Nothing was written. */
  record Refused(List<Mistake> mistakes) implements Imported {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
