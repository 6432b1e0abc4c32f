package dev.regent.lab.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Cleans up when this process is killed and cannot do it itself.
 *
 * <p>A small shell reads from a pipe whose other end only we hold. However we die, the kernel
 * closes it, and the shell kills every server, daemon and HAProxy that was started with a
 * configuration from the cluster's folder and whatever runs in the cluster's network namespaces,
 * gives back ports, namespaces and mounts, and deletes the folder. ({@code prctl(PR_SET_PDEATHSIG)}
 * would not do: it fires when the <em>thread</em> that started the server ends, see prctl(2).)
 */
public final class Reaper {
  /** The brackets keep grep from finding itself. */
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read -r word
      test "$word" = leave && exit 0
      PATH=$PATH:/usr/sbin:/sbin
      for round in 1 2 3; do
        for file in $(grep -l -- "[-]-defaults-file=$1/" /proc/[0-9]*/cmdline 2>/dev/null); do
          pid=${file#/proc/}
          kill -9 "${pid%/cmdline}" 2>/dev/null
        done
        for file in $(grep -l -- "$1/manager/[r]egent.toml" /proc/[0-9]*/cmdline 2>/dev/null); do
          pid=${file#/proc/}
          grep -q -- 'dev[.]regent[.]' "$file" && kill -9 "${pid%/cmdline}" 2>/dev/null
        done
        for file in $(grep -l -- "$1/[h]aproxy-" /proc/[0-9]*/cmdline 2>/dev/null); do
          pid=${file#/proc/}
          kill -9 "${pid%/cmdline}" 2>/dev/null
        done
        sleep 0.2
      done
      for namespace in /run/netns/"${1##*/}".*; do
        test -e "$namespace" || continue
        kill -9 $(ip netns pids "${namespace##*/}") 2>/dev/null
        ip netns del "${namespace##*/}"
      done
      while read -r device point rest; do
        point=$(printf '%b' "$point")
        case $point in "$1"/*) umount -l -- "$point" ;; esac
      done </proc/mounts
      for port in "$2"/*; do
        case $(readlink -- "$port") in "$1"/*) rm -f -- "$port" ;; esac
      done
      rm -rf -- "$1"
      rm -f -- "$3"
      """;

  private final Process shell;

  private Reaper(Process shell) {
    this.shell = shell;
  }

  public static Reaper watch(Path folder) {
    if (!folder.getFileName().toString().startsWith(LabFolders.DATA_PREFIX)) {
      throw new IllegalArgumentException("not a folder of the lab: " + folder);
    }
    List<String> command = new ArrayList<>(ownSession());
    command.addAll(List.of("/bin/sh", "-c", SCRIPT, "regent-lab-reaper"));
    command.addAll(
        List.of(folder.toString(), Ports.links().toString(), LabRegister.file(folder).toString()));
    try {
      return new Reaper(
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new LabException("Cannot start a shell to clean up after us: " + e, e);
    }
  }

  /** Sends it away: there is nothing to clean up, or it is to stay. */
  public void leave() {
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write("leave\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It is gone already; the wait below returns at once.
    }
    try {
      shell.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts a command into a session of its own, out of reach of the terminal's Ctrl-C. */
  public static List<String> ownSession() {
    Path setsid = Path.of("/usr/bin/setsid");
    return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
  }
}
