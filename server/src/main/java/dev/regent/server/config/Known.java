package dev.regent.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sections and keys that the reader asks for, and so the ones that exist. */
final class Known {
  private final Map<String, Set<String>> keys = new LinkedHashMap<>();

  void add(String section, String key) {
    keys.computeIfAbsent(section, s -> new LinkedHashSet<>()).add(key);
  }

  boolean has(String section, String key) {
    return of(section).contains(key);
  }

  Set<String> of(String section) {
    return keys.getOrDefault(section, Set.of());
  }

  /** Section names with their brackets, in the order in which they were read. */
  List<String> sections() {
    return List.copyOf(keys.keySet());
  }

  /** What somebody who wrote this key probably wanted. */
  String suggest(String section, String key) {
    if (keys.containsKey("[" + key + "]")) {
      return "it is a section: write [" + key + "] above its keys";
    }
    Optional<String> near = Spelling.nearest(key, of(section));
    if (near.isPresent()) {
      return "did you mean " + near.get() + "?";
    }
    List<String> elsewhere = new ArrayList<>();
    for (String other : keys.keySet()) {
      if (!other.equals(section)) {
        Spelling.nearest(key, of(other)).ifPresent(k -> elsewhere.add(other + " " + k));
      }
    }
    return elsewhere.isEmpty()
        ? "it knows " + String.join(", ", of(section))
        : "did you mean " + String.join(" or ", elsewhere) + "?";
  }
}
