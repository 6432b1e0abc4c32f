package dev.regent.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.core.model.Check;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.config.Config.Folders;
import dev.regent.server.config.Config.HookCommand;
import dev.regent.server.config.Config.Login;
import dev.regent.server.config.ServersReader.Placed;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.maxadmin.AdminSettings;
import dev.regent.server.monitor.EventSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code regent.toml}. Creates, changes and contacts nothing. */
public final class ConfigLoader {
  /** What a cluster gets that does not say: writes go on whatever fails, and loss is stated. */
  private static final Profile DEFAULT_PROFILE = Profile.AVAILABLE;

  private static final Duration WRITE_PROBE = Duration.ofSeconds(5);

  private final Path file;
  private final Surroundings surroundings;
  private final Mistakes mistakes = new Mistakes();

  private ConfigLoader(Path file, Surroundings surroundings) {
    this.file = file;
    this.surroundings = surroundings;
  }

  /** Reads all of it. Relative paths in the file start at the file's own folder. */
  public static ConfigResult load(Path file, Surroundings surroundings) {
    return new ConfigLoader(file, surroundings).load();
  }

  /** Every section and key there is. */
  static Known keys() {
    ConfigLoader loader = new ConfigLoader(Path.of("none"), Surroundings.here());
    Document nothing = new Document("", loader.mistakes);
    Check.that(loader.read(nothing).isEmpty(), "nothing is a configuration");
    return nothing.known();
  }

  private ConfigResult load() {
    Optional<Config> config = text().flatMap(t -> read(new Document(t, mistakes)));
    if (mistakes.none()) {
      Check.that(config.isPresent(), "a configuration is missing without a mistake");
      return new ConfigResult.Ok(config.orElseThrow());
    }
    return new ConfigResult.Invalid(mistakes.sorted());
  }

  private Optional<String> text() {
    try {
      return Optional.of(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      mistakes.add(0, file + " does not exist", "begin with: regent config example > " + file);
    } catch (AccessDeniedException e) {
      mistakes.add(0, file + " may not be read", "run as its owner, not " + surroundings.user());
    } catch (CharacterCodingException e) {
      mistakes.add(0, file + " is not UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      mistakes.add(0, file + " cannot be read: " + e.getMessage(), "name another file");
    }
    return Optional.empty();
  }

  private Optional<Config> read(Document document) {
    Section cluster = document.section("cluster");
    Optional<String> name =
        cluster.required("name", "\"shop\"").filter(n -> ServersReader.rightName(cluster, n));
    Policy policy = new PolicyReader(document).read(cluster.choice("profile", DEFAULT_PROFILE));
    List<Placed> servers = servers(document);
    Secrets secrets = new Secrets(file, surroundings);
    AccessReader access = new AccessReader(document, file, secrets, mistakes);
    Optional<Login> admin = access.login("admin");
    Optional<Login> replication = access.login("replication");
    Tls tls = access.tls();
    Optional<Tls> sourceTls = access.sourceTls();
    List<HookCommand> hooks = access.hooks();
    Optional<AdminSettings> maxadmin = access.maxadmin();
    Optional<EventSettings> events = new EventsReader(document, secrets.variables()).read();
    Optional<FrontSettings> front = new FrontReader(document, file).read();
    Optional<Duration> writeProbe = writeProbe(document);
    Folders folders = folders(document, name.orElse("cluster"));
    boolean rehearse = document.section("daemon").flag("rehearse", true);
    new Contradictions(document).check(policy, servers);
    document.checkUnknown();
    if (!mistakes.none() || name.isEmpty() || admin.isEmpty() || replication.isEmpty()) {
      return Optional.empty();
    }
    List<ClusterSpec.Server> members = servers.stream().map(Placed::server).toList();
    ClusterSpec spec = new ClusterSpec(name.get(), members, policy, configured(hooks));
    return Optional.of(
        new Config(
            file,
            spec,
            admin.get(),
            replication.get(),
            tls,
            sourceTls,
            hooks,
            events,
            maxadmin,
            front,
            writeProbe,
            folders,
            rehearse));
  }

  private List<Placed> servers(Document document) {
    // So that the keys of a server are known even where there is none.
    new ServersReader().read(List.of(document.blank("[[server]]")));
    List<Section> sections = document.sections("server");
    if (document.lacks("server")) {
      mistakes.addMissing(
          document.line("server"),
          "no server is configured",
          "add [[server]] with name and address, one per server");
    } else if (sections.size() == 1) {
      mistakes.addMissing(
          sections.getFirst().line("name"),
          "the cluster has one server",
          "add a second [[server]]: a failover needs somewhere to go");
    }
    return new ServersReader().read(sections);
  }

  private static ClusterSpec.Hooks configured(List<HookCommand> hooks) {
    return new ClusterSpec.Hooks(
        timeout(hooks, Hook.FENCE),
        timeout(hooks, Hook.PRE_PROMOTE),
        timeout(hooks, Hook.POST_PROMOTE));
  }

  private static Optional<Duration> timeout(List<HookCommand> hooks, Hook kind) {
    return hooks.stream().filter(h -> h.hook() == kind).map(HookCommand::timeout).findFirst();
  }

  private static Optional<Duration> writeProbe(Document document) {
    Section detect = document.section("detect");
    boolean on = detect.flag("write_probe", false);
    Duration timeout =
        detect.duration(
            "write_probe_timeout", WRITE_PROBE, Duration.ofMillis(100), Duration.ofMinutes(10));
    if (!on && detect.has("write_probe_timeout")) {
      detect.mistake("write_probe_timeout", "has no write probe", "add write_probe = true");
    }
    return on ? Optional.of(timeout) : Optional.empty();
  }

  private Folders folders(Document document, String cluster) {
    Section daemon = document.section("daemon");
    Path state = daemon.path("state_dir", file).orElse(surroundings.state(cluster));
    return new Folders(
        state,
        daemon.path("run_dir", file).orElse(surroundings.run()),
        daemon.path("audit_file", file).orElse(state.resolve("audit.jsonl")),
        daemon.path("errant_dir", file).orElse(state.resolve("errant")));
  }
}
