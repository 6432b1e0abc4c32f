package dev.regent.sim.mutate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * One deliberate bug, as changes of the sources.
 *
 * @param name what is wrong, as one would say it after the incident
 * @param teaching the seed that caught it last; it is tried first
 * @param bound if that one no longer does, the seeds from 1 to this one are tried: one must
 * @param trial what is done with each
 * @param edits all of them together; one is not enough where two lines of defence exist
 */
record Mutation(
    String name,
    long teaching,
    long bound,
    Class<? extends LongFunction<String>> trial,
    List<Edit> edits) {
  Mutation {
    edits = List.copyOf(edits);
  }

  static Mutation of(String name, long teaching, long bound, Edit... edits) {
    return new Mutation(name, teaching, bound, Trial.class, List.of(edits));
  }

  /** The real code, loaded in the same way. */
  static Mutation none(Class<? extends LongFunction<String>> trial) {
    return new Mutation("none", 1, 1, trial, List.of());
  }

  /** One that breaks what only profile safe promises. */
  static Mutation ofSafe(String name, long teaching, long bound, Edit... edits) {
    return new Mutation(name, teaching, bound, Trial.Safe.class, List.of(edits));
  }

  /** In the order in which they are tried. */
  LongStream seeds() {
    return LongStream.concat(LongStream.of(teaching), LongStream.rangeClosed(1, bound));
  }

  /**
   * One change.
   *
   * @param file module, package and class: {@code core/plan/Election}
   * @param from stands there exactly once, or the mutation has outlived the code
   */
  record Edit(String file, String from, String to) {
    Edit {
      if (from.equals(to)) {
        throw new IllegalArgumentException("changes nothing: " + from);
      }
    }

    private String applied(String source) {
      int at = source.indexOf(from);
      if (at < 0 || source.indexOf(from, at + 1) >= 0) {
        throw new IllegalStateException(
            file + (at < 0 ? " no longer says: " : " says more than once: ") + from);
      }
      return source.substring(0, at) + to + source.substring(at + from.length());
    }
  }

  /** The changed sources by file. */
  Map<String, String> changed(Sources sources) {
    Map<String, String> changed = new LinkedHashMap<>();
    for (Edit edit : edits) {
      String before = changed.getOrDefault(edit.file(), sources.text(edit.file()));
      changed.put(edit.file(), edit.applied(before));
    }
    return changed;
  }

  /** Whoever can read a source. */
  interface Sources {
    String text(String file);
  }

  @Override
  public String toString() {
    return name;
  }
}
