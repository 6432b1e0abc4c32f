package dev.regent.house;

import java.util.List;

/**
 * A house rule. It brings the sources that prove that it can fail, and those that it must leave
 * alone.
 */
interface Rule {
  /** What an excuse names: {@code // tidy: NAME because ...}. */
  String name();

  List<Finding> check(Source source);

  /** Each breaks the rule. */
  List<Source> bad();

  /** None breaks the rule. */
  List<Source> good();

  /** What a reader of the build's output sees, excuses taken out. */
  default List<String> complaints(Source source) {
    return check(source).stream()
        .filter(finding -> !source.excuses(name(), finding.line()))
        .map(finding ->
            source.path() + ":" + finding.line() + ": " + finding.message() + " [" + name() + "]")
        .toList();
  }

  /**
   * A breach.
   *
   * @param message what was found, and what to write instead
   */
  record Finding(int line, String message) {}
}
