package dev.regent.server.config;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.Networks;
import dev.regent.proxy.net.Networks.Network;
import dev.regent.proxy.session.Replaying;
import dev.regent.proxy.session.Settings.Causal;
import dev.regent.proxy.session.Settings.Kind;
import dev.regent.proxy.session.Settings.Reads;
import dev.regent.server.front.Certificates;
import dev.regent.server.front.ClientPasswords;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.ClientTls;
import dev.regent.server.front.FrontSettings.Listener;
import dev.regent.server.front.FrontSettings.Pool;
import dev.regent.server.front.FrontSettings.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads what clients find: the proxy's listeners, and how long they may have to wait. */
final class FrontReader {
  private static final Duration HOLD = Duration.ofSeconds(30);

  /** Beside a server on the same host. */
  private static final int PORT = 3307;

  private static final Pattern TABLE = Pattern.compile("\\w{1,64}\\.\\w{1,64}");
  private static final int CONNECTIONS_MAX = 1_000_000;
  private static final int QUEUE_MAX = 65_535;
  private static final Duration POOL_TIME_MAX = Duration.ofMinutes(10);
  private static final int WEIGHT_MAX = 1000;
  private static final int LOOPS_MAX = 1024;
  private static final long LAG_MAX = Duration.ofDays(1).toSeconds();

  /** Where a listener of replicas goes while there is none. */
  private enum Fallback {
    PRIMARY,
    NONE
  }

  private final Document document;
  private final Path config;

  FrontReader(Document document, Path config) {
    this.document = document;
    this.config = config;
  }

  /** Empty: there is no proxy. */
  Optional<FrontSettings> read() {
    Map<ServerId, Member> members = members();
    // So that the keys of a listener are known even where there is none.
    listener(document.blank("[[listener]]"));
    Section continuity = document.section("continuity");
    long replayMax = continuity.whole("replay_max", Replaying.BYTES_MAX, 0, 64 << 20);
    Duration hold = continuity.duration("hold", HOLD, Duration.ofMillis(100), Duration.ofHours(1));
    List<Listener> listeners = new ArrayList<>();
    Map<String, Integer> taken = new LinkedHashMap<>();
    for (Section section : document.sections("listener")) {
      Listener listener = listener(section);
      if (section.has("port")) {
        listeners.add(listener);
        claim(section, listener, taken);
      } else if (section.has("address")) {
        section.mistake("address", "has no port", "add port = " + PORT + ", or remove it");
      }
    }
    ClientPasswords passwords = passwords();
    int loops =
        (int)
            document
                .section("daemon")
                .whole("proxy_loops", FrontSettings.EACH_PROCESSOR, 0, LOOPS_MAX);
    if (listeners.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new FrontSettings(listeners, members, hold, replayMax, passwords, loops));
  }

  private ClientPasswords passwords() {
    Section section = document.section("credentials");
    Optional<Path> file = section.path("clients_file", config);
    if (file.isEmpty()) {
      return ClientPasswords.NONE;
    }
    ClientsFile clients = new ClientsFile(file.get());
    if (clients.read() instanceof ClientPasswords.Reading.Failed failed) {
      failed
          .mistakes()
          .forEach(mistake -> section.mistake("clients_file", mistake, "nothing of it is used"));
    }
    return clients;
  }

  /** What is said of the servers; those whose name is a mistake are told of elsewhere. */
  private Map<ServerId, Member> members() {
    member(document.blank("[[server]]"));
    Map<ServerId, Member> members = new LinkedHashMap<>();
    for (Section section : document.sections("server")) {
      Member member = member(section);
      section
          .text("name")
          .filter(name -> !name.isBlank())
          .ifPresent(name -> members.put(new ServerId(name), member));
    }
    return members;
  }

  private static Member member(Section section) {
    return new Member(
        (int) section.whole("weight", 1, 0, WEIGHT_MAX), section.text("zone").orElse(""));
  }

  private Listener listener(Section section) {
    boolean announces = section.flag("proxy_protocol", false);
    return new Listener(
        section.choice("kind", Kind.READ_WRITE_SPLIT),
        section.text("address").orElse("127.0.0.1"),
        (int) section.whole("port", PORT, 1, 65535),
        reads(section),
        tls(section),
        room(section),
        announces,
        believed(section),
        commitToken(section),
        pool(section, announces));
  }

  private static Pool pool(Section section, boolean announces) {
    long max = section.whole("pool_max", Pool.NONE.max(), 0, CONNECTIONS_MAX);
    Duration time =
        section.duration("pool_time", Pool.NONE.time(), Duration.ofSeconds(1), POOL_TIME_MAX);
    if (max > 0 && announces) {
      section.mistake(
          "pool_max",
          "is of no use with proxy_protocol: a server was told of one client's address only",
          "remove one of them");
    }
    return new Pool((int) max, time);
  }

  private static Room room(Section section) {
    return new Room(
        (int) section.whole("max_connections", Room.USUAL.all(), 1, CONNECTIONS_MAX),
        (int) section.whole("max_user_connections", Room.USUAL.perUser(), 0, CONNECTIONS_MAX),
        (int) section.whole("accept_queue", Room.USUAL.queue(), 1, QUEUE_MAX));
  }

  /** It goes into statements as it is, so it is of plain letters. */
  private static Optional<String> commitToken(Section section) {
    Optional<String> table = section.text("commit_token");
    if (table.isPresent() && !TABLE.matcher(table.get()).matches()) {
      section.mistake(
          "commit_token",
          "must be DATABASE.TABLE, of letters, digits and _, not \"" + table.get() + "\"",
          "write commit_token = \"regent.commit_token\"");
      return Optional.empty();
    }
    return table;
  }

  private static Networks believed(Section section) {
    String key = "proxy_protocol_from";
    List<Network> all = new ArrayList<>();
    for (String text : section.texts(key, "[\"10.0.0.0/8\"]")) {
      Network.parse(text)
          .ifPresentOrElse(
              all::add,
              () ->
                  section.mistake(
                      key,
                      "names \"" + text + "\", which is no network",
                      "write addresses, or networks like \"10.0.0.0/8\""));
    }
    return new Networks(all);
  }

  private Optional<ClientTls> tls(Section section) {
    Optional<Path> certificate = section.path("tls_certificate", config);
    Optional<Path> key = section.path("tls_key", config);
    boolean required = section.flag("tls_required", false);
    if (section.has("tls_certificate") != section.has("tls_key")) {
      String missing = section.has("tls_key") ? "tls_certificate" : "tls_key";
      section.mistake(missing, "is missing beside the other", "add " + missing + " = \"FILE.pem\"");
    } else if (required && !section.has("tls_key")) {
      section.mistake(
          "tls_required",
          "needs a certificate",
          "add tls_certificate = \"FILE.pem\" and tls_key = \"FILE.pem\"");
    }
    Optional<Path> authority = section.path("tls_client_ca", config);
    if (authority.isPresent() && !section.has("tls_key")) {
      section.mistake(
          "tls_client_ca",
          "needs a certificate of the listener's own",
          "add tls_certificate = \"FILE.pem\" and tls_key = \"FILE.pem\"");
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    ClientTls tls = new ClientTls(certificate.get(), key.get(), required, authority);
    check(section, tls);
    return Optional.of(tls);
  }

  private static void check(Section section, ClientTls tls) {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("tls_certificate", tls.certificate());
    files.put("tls_key", tls.key());
    tls.authority().ifPresent(file -> files.put("tls_client_ca", file));
    for (Map.Entry<String, Path> entry : files.entrySet()) {
      String name = entry.getKey();
      Path file = entry.getValue();
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        section.mistake(name, file + " cannot be read", "name an existing file that can be read");
        return;
      }
    }
    if (Secrets.openToOthers(tls.key())) {
      section.mistake("tls_key", tls.key() + " may be read by others", "chmod 600 " + tls.key());
      return;
    }
    try {
      Certificates.forClients(tls);
    } catch (GeneralSecurityException | IOException e) {
      section.mistake("tls_key", "cannot be used: " + e.getMessage(), "name a key and its chain");
    }
  }

  private static Reads reads(Section section) {
    long lag = section.seconds("max_lag", 0, 0, LAG_MAX);
    return new Reads(
        section.text("zone").orElse(""),
        lag == 0 ? OptionalLong.empty() : OptionalLong.of(lag),
        section.choice("fallback", Fallback.PRIMARY) == Fallback.PRIMARY,
        section.choice("causal_reads", Causal.SESSION),
        section.duration(
            "causal_reads_timeout",
            Reads.USUAL.patience(),
            Duration.ofMillis(10),
            Duration.ofMinutes(1)));
  }

  private static void claim(Section section, Listener listener, Map<String, Integer> taken) {
    String place = listener.address() + " port " + listener.port();
    Integer first = taken.putIfAbsent(place, section.line("port"));
    if (first != null) {
      section.mistake("port", place + " is taken since line " + first, "choose another port");
    }
  }
}
