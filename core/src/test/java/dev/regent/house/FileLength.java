package dev.regent.house;

import java.util.List;

/** A file does one job: aim at 100 lines, and never pass the limit. */
record FileLength() implements Rule {
  private static final int LINES_MAX = 500;

  @Override
  public String name() {
    return "file-length";
  }

  @Override
  public List<Finding> check(Source source) {
    if (!source.path().matches(".*\\.(java|sh|js)") || source.lines() <= LINES_MAX) {
      return List.of();
    }
    return List.of(
        new Finding(1, source.lines() + " lines, at most " + LINES_MAX + ": give a job away"));
  }

  @Override
  public List<Source> bad() {
    return List.of(Source.of("core/src/main/java/A.java", "\n".repeat(LINES_MAX + 1)));
  }

  @Override
  public List<Source> good() {
    return List.of(Source.of("core/src/main/java/A.java", "\n".repeat(LINES_MAX)));
  }

  @Override
  public String toString() {
    return name();
  }
}
