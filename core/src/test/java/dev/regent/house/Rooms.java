package dev.regent.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which room may use which: imports point one way, and nothing points back. */
final class Rooms implements Rule {
  private static final Pattern ROOM = Pattern.compile("\\bdev\\.regent\\.(core\\.\\w+|\\w+)");

  private final Map<String, List<String>> mayUse = new LinkedHashMap<>();

  Rooms() {
    room("core.model");
    room("core.analyze", "core.model");
    room("core.plan", "core.analyze");
    room("core.control", "core.plan");
    room("proxy", "core.control");
    room("sim", "proxy");
    room("server", "proxy");
    room("cli", "server", "sim");
    room("lab", "cli");
    room("bench", "lab", "sim");
  }

  @Override
  public String name() {
    return "room";
  }

  @Override
  public List<Finding> check(Source source) {
    var findings = new ArrayList<Finding>();
    if (!source.isMain()) {
      return findings;
    }
    String room = roomOf(source.packageName() + ".");
    List<String> allowed = mayUse.get(room);
    if (allowed == null) {
      return List.of(new Finding(1, "room \"" + room + "\" is not in the table of Rooms; add it"));
    }
    Matcher matcher = ROOM.matcher(source.code());
    while (matcher.find()) {
      String used = matcher.group(1);
      if (!used.equals(room) && !allowed.contains(used)) {
        findings.add(
            new Finding(
                source.lineAt(matcher.start()),
                room + " may not use " + used + ", only " + allowed + "; move the code"));
      }
    }
    return findings;
  }

  @Override
  public List<Source> bad() {
    return List.of(
        source("core/src/main/java/dev/regent/core/model/X.java", "dev.regent.core.plan.Plan"),
        source("core/src/main/java/dev/regent/core/plan/X.java", "dev.regent.core.control.Event"),
        source("core/src/main/java/dev/regent/core/control/X.java", "dev.regent.server.Main"),
        source("server/src/main/java/dev/regent/server/X.java", "dev.regent.cli.Main"),
        source("cli/src/main/java/dev/regent/cli/X.java", "dev.regent.lab.Cluster"),
        source("attic/src/main/java/dev/regent/attic/X.java", "java.util.List"));
  }

  @Override
  public List<Source> good() {
    return List.of(
        source("core/src/main/java/dev/regent/core/plan/X.java", "dev.regent.core.model.Gtid"),
        source("server/src/main/java/dev/regent/server/X.java", "dev.regent.core.model.Gtid"),
        source("bench/src/main/java/dev/regent/bench/X.java", "dev.regent.core.plan.Plan"));
  }

  @Override
  public String toString() {
    return name();
  }

  /** A room may use those named here, and all that they may use. */
  private void room(String name, String... neighbours) {
    var allowed = new ArrayList<String>();
    for (String neighbour : neighbours) {
      allowed.add(neighbour);
      allowed.addAll(mayUse.getOrDefault(neighbour, List.of()));
    }
    mayUse.put(name, allowed.stream().distinct().toList());
  }

  private static String roomOf(String text) {
    Matcher matcher = ROOM.matcher(text);
    return matcher.find() ? matcher.group(1) : text;
  }

  private static Source source(String path, String imported) {
    return Source.of(path, "import " + imported + ";");
  }
}
