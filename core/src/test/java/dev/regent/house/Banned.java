package dev.regent.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that may not stand in some sources, and what to write instead.
 *
 * @param inComments look into comments and literals too
 */
record Banned(
    String name,
    Predicate<Source> where,
    Pattern words,
    boolean inComments,
    String instead,
    List<Source> bad,
    List<Source> good)
    implements Rule {

  /** A file of main code, where nothing more special is said. */
  private static final String SOMEWHERE = "server/src/main/java/dev/regent/server/Some.java";

  static Banned code(String name, Predicate<Source> where, String words, String instead) {
    return new Banned(name, where, Pattern.compile(words), false, instead, List.of(), List.of());
  }

  static Banned text(String name, Predicate<Source> where, String words, String instead) {
    return new Banned(name, where, Pattern.compile(words), true, instead, List.of(), List.of());
  }

  Banned bad(String... texts) {
    return badIn(SOMEWHERE, texts);
  }

  Banned badIn(String path, String... texts) {
    return new Banned(name, where, words, inComments, instead, and(bad, path, texts), good);
  }

  Banned good(String... texts) {
    return goodIn(SOMEWHERE, texts);
  }

  Banned goodIn(String path, String... texts) {
    return new Banned(name, where, words, inComments, instead, bad, and(good, path, texts));
  }

  @Override
  public List<Finding> check(Source source) {
    var findings = new ArrayList<Finding>();
    if (where.test(source)) {
      Matcher matcher = words.matcher(inComments ? source.text() : source.code());
      while (matcher.find()) {
        String found = matcher.group().strip().replaceAll("\\s+", " ");
        findings.add(new Finding(source.lineAt(matcher.start()), "\"" + found + "\": " + instead));
      }
    }
    return findings;
  }

  @Override
  public String toString() {
    return name;
  }

  private static List<Source> and(List<Source> sources, String path, String... texts) {
    var all = new ArrayList<>(sources);
    for (String text : texts) {
      all.add(Source.of(path, text));
    }
    return List.copyOf(all);
  }
}
