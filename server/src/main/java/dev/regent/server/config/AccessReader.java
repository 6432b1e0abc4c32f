package dev.regent.server.config;

import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.config.Config.HookCommand;
import dev.regent.server.config.Config.Login;
import dev.regent.server.connect.Tls;
import dev.regent.server.connect.Tls.ClientKey;
import dev.regent.server.maxadmin.AdminSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what concerns other programs: logins, encryption, hooks. */
final class AccessReader {
  private static final Duration HOOK_TIMEOUT = Duration.ofSeconds(10);

  /** As in MaxScale's sample configuration. */
  private static final int MAXADMIN_PORT = 6603;

  private final Document document;
  private final Path config;
  private final Secrets secrets;
  private final Mistakes mistakes;

  /** How replicas are told to encrypt. */
  enum SourceTls {
    KEEP,
    VERIFY,
    TRUST,
    OFF
  }

  AccessReader(Document document, Path config, Secrets secrets, Mistakes mistakes) {
    this.document = document;
    this.config = config;
    this.secrets = secrets;
    this.mistakes = mistakes;
  }

  /** {@code role} is {@code admin} or {@code replication}; empty only together with a mistake. */
  Optional<Login> login(String role) {
    Section credentials = document.section("credentials");
    Optional<String> user = credentials.required(role + "_user", "\"regent\"");
    Optional<Secret> password = secrets.read(credentials, role + "_password", mistakes);
    return user.flatMap(u -> password.map(p -> new Login(u, p)));
  }

  Tls tls() {
    Section section = document.section("tls");
    Tls.Mode mode = section.choice("mode", Tls.Mode.VERIFY);
    Optional<Path> authority = section.path("ca", config);
    authority.ifPresent(file -> checkReadable(section, "ca", file));
    if (section.has("ca") && mode != Tls.Mode.VERIFY) {
      section.mistake("ca", "is used only with mode = \"verify\"", "remove ca, or set that mode");
    }
    return new Tls(mode, authority, clientKey(section, mode));
  }

  private Optional<ClientKey> clientKey(Section section, Tls.Mode mode) {
    Optional<Path> store = section.path("key_store", config);
    boolean password = Secrets.present(section, "key_store_password");
    if (!section.has("key_store") && password) {
      section.mistake(
          "key_store", "is missing beside its password", "add key_store = \"FILE.p12\"");
    }
    if (section.has("key_store") && mode == Tls.Mode.OFF) {
      section.mistake("key_store", "has no use with mode = \"off\"", "remove one of the two");
    }
    Optional<Secret> secret =
        section.has("key_store") || password
            ? secrets.read(section, "key_store_password", mistakes)
            : secrets.read(section, "key_store_password", new Mistakes());
    store.ifPresent(file -> checkReadable(section, "key_store", file));
    return store.flatMap(s -> secret.map(p -> new ClientKey(s, p.reveal())));
  }

  /** Empty: every server keeps the settings it has. */
  Optional<Tls> sourceTls() {
    Section section = document.section("replication");
    SourceTls mode = section.choice("tls", SourceTls.KEEP);
    // A path on the servers: nothing of this machine can complete or check it.
    Optional<Path> authority = section.path("tls_ca", Path.of("/"));
    if (section.has("tls_ca") && mode != SourceTls.VERIFY) {
      section.mistake("tls_ca", "is used only with tls = \"verify\"", "remove it, or set that");
    }
    return switch (mode) {
      case KEEP -> Optional.empty();
      case VERIFY -> Optional.of(new Tls(Tls.Mode.VERIFY, authority, Optional.empty()));
      case TRUST -> Optional.of(new Tls(Tls.Mode.TRUST, Optional.empty(), Optional.empty()));
      case OFF -> Optional.of(new Tls(Tls.Mode.OFF, Optional.empty(), Optional.empty()));
    };
  }

  /** The port for old {@code maxadmin}s; empty: there is none. */
  Optional<AdminSettings> maxadmin() {
    Section section = document.section("maxadmin");
    int port = (int) section.whole("port", MAXADMIN_PORT, 1, 65535);
    String address = section.text("address").orElse("127.0.0.1");
    String user = section.text("user").orElse("admin");
    boolean password = Secrets.present(section, "password");
    if (!section.has("port") && !password) {
      secrets.read(section, "password", new Mistakes());
      for (String key : List.of("address", "user")) {
        if (section.has(key)) {
          section.mistake(key, "has no port", "add port = 6603 and a password, or remove it");
        }
      }
      return Optional.empty();
    }
    return secrets
        .read(section, "password", mistakes)
        .map(secret -> new AdminSettings(address, port, user, secret.reveal()));
  }

  List<HookCommand> hooks() {
    Section section = document.section("hooks");
    List<HookCommand> hooks = new ArrayList<>();
    for (Hook hook : Hook.values()) {
      String key = hook.name().toLowerCase(Locale.ROOT);
      List<String> command = section.texts(key, "[\"/path/to/command\", \"argument\"]");
      Duration timeout =
          section.duration(
              key + "_timeout", HOOK_TIMEOUT, Duration.ofMillis(1), Duration.ofHours(1));
      if (!command.isEmpty()) {
        checkExecutable(section, key, command.getFirst());
        hooks.add(new HookCommand(hook, command, timeout));
      } else if (section.has(key + "_timeout") && !section.has(key)) {
        section.mistake(key + "_timeout", "has no hook", "add " + key + " = [...], or remove it");
      }
    }
    return hooks;
  }

  static void checkExecutable(Section section, String key, String program) {
    Path path = Path.of(program);
    if (!path.isAbsolute()) {
      section.mistake(
          key,
          "runs \"" + program + "\", which depends on a search path",
          "write the program's absolute path");
    } else if (!Files.isExecutable(path) || Files.isDirectory(path)) {
      section.mistake(
          key,
          "runs " + program + ", which is no program that can be run",
          "name an existing file, and chmod +x it");
    }
  }

  private static void checkReadable(Section section, String key, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      section.mistake(key, file + " cannot be read", "name an existing file that can be read");
    }
  }
}
