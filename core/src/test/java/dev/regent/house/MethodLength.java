package dev.regent.house;

import java.util.List;

/** A method fits on a screen. */
record MethodLength() implements Rule {
  private static final int LINES_MAX = 70;
  private static final String SOMEWHERE = "server/src/main/java/dev/regent/server/Some.java";

  @Override
  public String name() {
    return "method-length";
  }

  @Override
  public List<Finding> check(Source source) {
    if (!source.isJava() || source.lines() <= LINES_MAX) {
      return List.of();
    }
    return Methods.of(source).stream()
        .filter(method -> lines(method) > LINES_MAX)
        .map(method ->
            new Finding(
                method.firstLine(),
                method.name()
                    + " has "
                    + lines(method)
                    + " lines, at most "
                    + LINES_MAX
                    + ": push ifs up and loops down into methods of their own"))
        .toList();
  }

  @Override
  public List<Source> bad() {
    return List.of(methodWith(LINES_MAX - 1));
  }

  @Override
  public List<Source> good() {
    return List.of(methodWith(LINES_MAX - 2));
  }

  @Override
  public String toString() {
    return name();
  }

  private static int lines(Methods.Method method) {
    return method.lastLine() - method.firstLine() + 1;
  }

  private static Source methodWith(int statements) {
    return Source.of(
        SOMEWHERE, "class Some {\n void m() {\n" + "  m();\n".repeat(statements) + " }\n}\n");
  }
}
