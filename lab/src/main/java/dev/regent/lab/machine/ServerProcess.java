package dev.regent.lab.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * One process of this machine, named by its number and its start time, so that a number given to
 * another process later is never signalled. Linux: it reads {@code /proc}.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}, see proc(5)
 */
public record ServerProcess(long pid, long startTicks) {

  /** What the kernel says of a process. A zombie is gone: it runs nothing and holds no socket. */
  public enum State {
    RUNNING,
    FROZEN,
    GONE;

    /** For people and programs: "running", "frozen", "gone". */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Stat(char state, long startTicks) {}

  /** The process with this number, if there is one. */
  public static Optional<ServerProcess> find(long pid) {
    return stat(pid).map(stat -> new ServerProcess(pid, stat.startTicks()));
  }

  /** Reads back what {@link #save} wrote. */
  public static Optional<ServerProcess> load(Path file) {
    try {
      String[] words = Files.readString(file).strip().split(" ");
      return Optional.of(new ServerProcess(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  public void save(Path file) throws IOException {
    Files.writeString(file, pid + " " + startTicks);
  }

  public State state() {
    Optional<Stat> stat = stat(pid).filter(s -> s.startTicks() == startTicks);
    return stat.map(s ->
            switch (s.state()) {
              case 'Z', 'X' -> State.GONE;
              case 'T', 't' -> State.FROZEN;
              default -> State.RUNNING;
            })
        .orElse(State.GONE);
  }

  public boolean isAlive() {
    return state() != State.GONE;
  }

  /** SIGTERM. */
  public void terminate() {
    handle().ifPresent(ProcessHandle::destroy);
  }

  /** SIGKILL. */
  public void kill() {
    handle().ifPresent(ProcessHandle::destroyForcibly);
  }

  /** SIGSTOP; returns when the kernel has stopped the process. */
  public void freeze() {
    signal("STOP");
    Await.holdsWithin(Duration.ofSeconds(2), () -> state() != State.RUNNING);
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  public boolean awaitGone(Duration limit) {
    return Await.holdsWithin(limit, () -> !isAlive());
  }

  private Optional<ProcessHandle> handle() {
    return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
  }

  /** Java sends only TERM and KILL itself; the shell's own kill needs no further program. */
  private void signal(String name) {
    if (!isAlive()) {
      return;
    }
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", "kill -%s %d".formatted(name, pid))
              .redirectErrorStream(true)
              .start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (shell.waitFor() != 0 && isAlive()) {
        throw new LabException("Cannot send %s to process %d: %s".formatted(name, pid, said));
      }
    } catch (IOException e) {
      throw new LabException("Cannot send %s to process %d: %s".formatted(name, pid, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Stat> stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The program's name, in parentheses, may hold spaces; fields 3 and later follow it.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return Optional.of(new Stat(fields[0].charAt(0), Long.parseLong(fields[22 - 3])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
