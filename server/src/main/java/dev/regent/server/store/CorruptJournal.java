package dev.regent.server.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The journal is damaged where no crash can have damaged it, or is not for this program. Nothing
 * was changed. The operator restores the file from a copy, or moves it away and lets the cluster be
 * adopted anew.
 */
final class CorruptJournal extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptJournal(Path file, long offset, String what) {
    super(file + " at byte " + offset + ": " + what);
  }
}
