package dev.regent.lab.demo;

import java.util.List;

/** How a demo ended. */
sealed interface Outcome permits DemoResult, HowToResult {
  /** What did not hold, each one sentence. */
  List<String> broken();

  /** One object with the figures. */
  String json();

  String table();

  default boolean held() {
    return broken().isEmpty();
  }
}
