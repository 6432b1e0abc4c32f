package dev.regent.lab.command;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands on a named lab share: its name, and where they print. */
final class Common {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "lab",
      description = "Which lab; several can run side by side (default: ${DEFAULT-VALUE}).")
  private String name = "lab";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  String name() {
    return name;
  }

  PrintWriter out() {
    return Objects.requireNonNull(command, "used before picocli").commandLine().getOut();
  }

  PrintWriter err() {
    return Objects.requireNonNull(command, "used before picocli").commandLine().getErr();
  }
}
