package dev.regent.lab.managed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server with plugins that the published ones lack: {@code .build/contract} unpacks one of
 * Debian's, and names it as {@code regent.contract.servers}.
 */
record DebianServer(Path program) {
  static final String REASON = "no server with these plugins: run .build/contract trixie";

  /** The last of those that have them: the newest release. That of bullseye cannot load its PAM. */
  static Optional<DebianServer> with(List<String> plugins) {
    return Stream.of(System.getProperty("regent.contract.servers", "").split(","))
        .filter(name -> name.contains("/"))
        .map(name -> new DebianServer(Path.of(name)))
        .filter(server ->
            plugins.stream().allMatch(p -> Files.exists(server.plugins().resolve(p + ".so"))))
        .reduce((older, newer) -> newer);
  }

  /** Its own files; it is started from {@code sbin} in there. */
  Path prefix() {
    return program.resolve("../..").normalize();
  }

  Path plugins() {
    return prefix().resolve("lib/mysql/plugin");
  }
}
