package dev.regent.bench.measure;

import dev.regent.lab.command.TextTable;
import dev.regent.server.store.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a benchmark found.
 *
 * @param series the first one is the headline
 * @param sections further tables and figures for people
 * @param more further members of the JSON object
 */
public record Report(
    String name,
    String unit,
    List<Series> series,
    List<Claim> claims,
    List<Section> sections,
    ObjectNode more) {

  /** A table beneath a line that says what it is. */
  public record Section(String title, List<String> titles, List<List<String>> rows) {
    public Section {
      titles = List.copyOf(titles);
      rows = List.copyOf(rows);
    }
  }

  public Report {
    series = List.copyOf(series);
    claims = List.copyOf(claims);
    sections = List.copyOf(sections);
  }

  public Verdict verdict() {
    return Verdict.worst(claims.stream().map(Claim::verdict).toList());
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    text.append('\n').append(name).append(", in ").append(unit).append(":\n");
    text.append(TextTable.framed(Series.TITLES, series.stream().map(Series::row).toList()));
    for (Section section : sections) {
      text.append('\n').append(section.title()).append(":\n");
      text.append(TextTable.framed(section.titles(), section.rows()));
    }
    text.append('\n');
    claims.forEach(
        c -> text.append(c.verdict().word()).append(": ").append(c.sentence()).append('\n'));
    return text.append(name).append(": ").append(verdict().word()).append('\n').toString();
  }

  public ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("name", name);
    node.put("unit", unit);
    if (!series.isEmpty()) {
      series.getFirst().into(node);
    }
    node.put("held", verdict() == Verdict.HELD);
    node.put("verdict", verdict().word());
    series.forEach(s -> {
      ObjectNode one = Json.object();
      one.put("name", s.name());
      s.into(one);
      node.withArray("series").add(one);
    });
    claims.forEach(c ->
        node.withArray("claims")
            .add(Json.object().put("sentence", c.sentence()).put("verdict", c.verdict().word())));
    node.setAll(more);
    return node;
  }
}
