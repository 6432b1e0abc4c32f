package dev.regent.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs {@code ./regent ...} as the launcher would: each command in a process of its own. */
public record Terminal(Path state) {

  /** What a command left behind; its output and its complaints together. */
  public record Ran(int exit, String said) {}

  /** {@code words} as somebody types them after {@code ./regent}. */
  public Ran regent(String words) throws IOException, InterruptedException {
    Process process = start(words);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  /** Starts a command and leaves it alone. */
  public Process start(String words) throws IOException {
    List<String> typed = List.of(words.strip().split(" +"));
    boolean lab = List.of("lab", "demo", "drill").contains(typed.getFirst());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Dregent.lab.state=" + state));
    Optional.ofNullable(System.getProperty("regent.lab.jars"))
        .ifPresent(jars -> command.add("-Dregent.lab.jars=" + jars));
    command.add("-Dregent.home=" + System.getProperty("regent.home", ""));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(lab ? "dev.regent.lab.Main" : "dev.regent.cli.Main");
    command.addAll(typed);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The commands that an output proposes: its lines with {@code ./regent}, without it. */
  public static List<String> proposed(String said) {
    String prompt = "  ./regent ";
    return said.lines()
        .filter(line -> line.startsWith(prompt))
        .map(line -> line.substring(prompt.length()))
        .toList();
  }
}
