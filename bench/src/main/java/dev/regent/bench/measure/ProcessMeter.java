package dev.regent.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a process costs, as the kernel counts it; proc(5). */
public final class ProcessMeter {
  /** {@code sysconf(_SC_CLK_TCK)}, the same on every Linux we know. */
  private static final double TICKS_PER_SECOND = 100;

  private final long pid;
  private final double cpuBefore;
  private final long nanosBefore;

  private final Map<String, Double> threadsBefore;

  private ProcessMeter(long pid) throws IOException {
    this.pid = pid;
    this.threadsBefore = threads(pid);
    this.cpuBefore = cpuSeconds(pid);
    this.nanosBefore = System.nanoTime();
  }

  /** Measures from now on. */
  public static ProcessMeter of(long pid) throws IOException {
    return new ProcessMeter(pid);
  }

  /** Processor time since the start, user and system. */
  public double cpuSeconds() throws IOException {
    return cpuSeconds(pid) - cpuBefore;
  }

  /** Share of one core since the start. */
  public double cpuPercent() throws IOException {
    return 100 * cpuSeconds() * 1e9 / (System.nanoTime() - nanosBefore);
  }

  /** Where it went: processor time since the start by the names of threads, dearest first. */
  public Map<String, Double> cpuSecondsByThread() throws IOException {
    Map<String, Double> spent = new TreeMap<>();
    threads(pid)
        .forEach((name, now) -> spent.put(name, now - threadsBefore.getOrDefault(name, 0.0)));
    Map<String, Double> sorted = new LinkedHashMap<>();
    spent.entrySet().stream()
        .filter(e -> e.getValue() > 0)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return sorted;
  }

  /** Of it, what a Java virtual machine spent on compiling: little, once it has warmed up. */
  public double compilingSeconds() throws IOException {
    return cpuSecondsByThread().entrySet().stream()
        .filter(thread -> thread.getKey().contains("Compiler"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static Map<String, Double> threads(long pid) throws IOException {
    Map<String, Double> byName = new TreeMap<>();
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : all.toList()) {
        try {
          String name =
              Files.readString(thread.resolve("comm")).strip().replaceAll("[#-]?\\d+$", "");
          byName.merge(name, cpuSeconds(thread), Double::sum);
        } catch (NoSuchFileException e) {
          // It has ended meanwhile.
        }
      }
    }
    return byName;
  }

  private static double cpuSeconds(long pid) throws IOException {
    return cpuSeconds(Path.of("/proc", Long.toString(pid)));
  }

  private static double cpuSeconds(Path process) throws IOException {
    String line = Files.readString(process.resolve("stat"));
    // The program's name, in parentheses, may hold spaces; fields 3 and later follow it.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[14 - 3]) + Long.parseLong(fields[15 - 3])) / TICKS_PER_SECOND;
  }

  /** Resident now. */
  public double residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }
}
