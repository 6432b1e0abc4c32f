package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.DrainTimeout;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.config.Config.Folders;
import dev.regent.server.config.Config.HookCommand;
import dev.regent.server.config.Config.Login;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Tls;
import dev.regent.server.connect.Tls.ClientKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigLoaderTest {
  @TempDir Path temp;

  @Test
  void whatIsNotSaidHasItsDefault() {
    Config config = new Desktop(temp).loaded(Desktop.SMALLEST);
    assertThat(config.spec().name()).isEqualTo("shop");
    assertThat(config.spec().policy()).isEqualTo(Policy.of(Profile.AVAILABLE));
    assertThat(config.spec().hooks()).isEqualTo(ClusterSpec.Hooks.NONE);
    assertThat(config.spec().servers())
        .containsExactly(
            server("db1", Preference.NEUTRAL, 0, "", true),
            server("db2", Preference.NEUTRAL, 0, "", true));
    assertThat(config.admin()).isEqualTo(new Login("regent", new Secret("hunter2")));
    assertThat(config.admin().account()).isEqualTo(new Account("regent", "hunter2"));
    assertThat(config.replication()).isEqualTo(new Login("replica", new Secret("hunter3")));
    assertThat(config.tls()).isEqualTo(tls(Tls.Mode.VERIFY));
    assertThat(config.sourceTls()).isEmpty();
    assertThat(config.hooks()).isEmpty();
    assertThat(config.writeProbe()).isEmpty();
  }

  private static Server server(
      String name, Preference preference, int priority, String zone, boolean synchronous) {
    Endpoint address = new Endpoint(name, 3306);
    return new Server(
        new ServerId(name), address, address, preference, priority, zone, synchronous);
  }

  private static Tls tls(Tls.Mode mode) {
    return new Tls(mode, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void everyProfileHasItsOwnDefaults(Profile profile) {
    String text =
        Desktop.SMALLEST.replace(
                "\"shop\"",
                "\"shop\"\nprofile = \"" + profile.name().toLowerCase(Locale.ROOT) + "\"")
            + "[[server]]\nname = \"db3\"\naddress = \"db3:3306\"\n";
    assertThat(new Desktop(temp).loaded(text).spec().policy()).isEqualTo(Policy.of(profile));
  }

  @Test
  void everyThresholdCanBeSet() {
    String text =
        Desktop.SMALLEST
            + """
            [detect]
            interval = "100ms"
            probe_timeout = "400ms"
            silence = "2s"
            confirmations = 3
            stale_after = "1s"
            write_probe = true
            write_probe_timeout = "4s"
            [failover]
            automatic = false
            grace = "1m"
            drain_budget = "2m"
            on_drain_timeout = "promote"
            relax_above = "1s"
            lag_bound = "7s"
            [flapping]
            limit = 5
            window = "2h"
            cool_down = "1d"
            [replication]
            heartbeat = "0s"
            connect_retry = "2s"
            semi_sync_timeout = "3s"
            manage_semi_sync = false
            [switchover]
            freeze = "4s"
            catch_up = "6s"
            lag_max = "0s"
            long_transaction = "20s"
            [rejoin]
            automatic = false
            """;
    Config config = new Desktop(temp).loaded(text);
    assertThat(config.spec().policy())
        .isEqualTo(
            new Policy(
                Profile.AVAILABLE,
                new Policy.Detection(
                    Duration.ofMillis(100),
                    Duration.ofMillis(400),
                    Duration.ofSeconds(2),
                    3,
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1)),
                new Policy.Failover(
                    false, Duration.ofMinutes(2), DrainTimeout.PROMOTE, Duration.ofSeconds(1), 7),
                new Policy.Flapping(5, Duration.ofHours(2), Duration.ofDays(1)),
                new Policy.Replication(Duration.ZERO, 2, Duration.ofSeconds(3), false),
                new Policy.Switchover(
                    Duration.ofSeconds(4), Duration.ofSeconds(6), 0, Duration.ofSeconds(20)),
                false));
    assertThat(config.writeProbe()).contains(Duration.ofSeconds(4));
  }

  @Test
  void everythingAboutAServerCanBeSet() {
    String text =
        Desktop.SMALLEST.replace(
            "\"db2:3306\"",
            """
            "[fd00::2]:3307"
            replication_address = "10.0.0.2:3308"
            preference = "prefer"
            priority = -7
            zone = "berlin"
            synchronous = false\
            """);
    assertThat(new Desktop(temp).loaded(text).spec().servers().getLast())
        .isEqualTo(
            new Server(
                new ServerId("db2"),
                new Endpoint("fd00::2", 3307),
                new Endpoint("10.0.0.2", 3308),
                Preference.PREFER,
                -7,
                "berlin",
                false));
  }

  @Test
  void encryptionHooksAndFoldersCanBeSet() {
    Desktop desktop = new Desktop(temp);
    Path authority = desktop.write("ca.pem", "rw-r--r--", "");
    Path store = desktop.write("regent.p12", "rw-------", "");
    Path fence = desktop.write("fence", "rwxr-xr-x", "#!/bin/sh\n");
    Config config =
        desktop.loaded(
            Desktop.SMALLEST
                + """
                [tls]
                ca = "ca.pem"
                key_store = "regent.p12"
                key_store_password_env = "REGENT_PW"
                [replication]
                tls = "verify"
                tls_ca = "/etc/mysql/ca.pem"
                [hooks]
                fence = ["FENCE", "--power-off"]
                fence_timeout = "30s"
                post_promote = ["FENCE"]
                [daemon]
                state_dir = "state"
                run_dir = "/run/other"
                audit_file = "../audit.jsonl"
                errant_dir = "errant"
                """
                    .replace("FENCE", fence.toString()));
    assertThat(config.tls())
        .isEqualTo(
            new Tls(
                Tls.Mode.VERIFY,
                Optional.of(authority),
                Optional.of(new ClientKey(store, "from-environment"))));
    assertThat(config.sourceTls())
        .contains(
            new Tls(Tls.Mode.VERIFY, Optional.of(Path.of("/etc/mysql/ca.pem")), Optional.empty()));
    assertThat(config.spec().hooks())
        .isEqualTo(
            new ClusterSpec.Hooks(
                Optional.of(Duration.ofSeconds(30)),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(10))));
    assertThat(config.hook(Hook.FENCE))
        .contains(
            new HookCommand(
                Hook.FENCE, List.of(fence.toString(), "--power-off"), Duration.ofSeconds(30)));
    assertThat(config.hook(Hook.PRE_PROMOTE)).isEmpty();
    assertThat(config.folders())
        .isEqualTo(
            new Folders(
                temp.resolve("state"),
                Path.of("/run/other"),
                temp.resolveSibling("audit.jsonl"),
                temp.resolve("errant")));
  }

  @Test
  void foldersDependOnWhoRunsIt() {
    Desktop desktop = new Desktop(temp);
    assertThat(desktop.loaded(Desktop.SMALLEST).folders())
        .isEqualTo(
            new Folders(
                Path.of("/users/anna/state/regent/shop"),
                Path.of("/users/anna/.local/state/regent/run"),
                Path.of("/users/anna/state/regent/shop/audit.jsonl"),
                Path.of("/users/anna/state/regent/shop/errant")));
    Surroundings root = new Surroundings(Map.of(), "root", Path.of("/users/root"));
    Folders folders =
        Desktop.config(ConfigLoader.load(temp.resolve("regent.toml"), root)).folders();
    assertThat(folders.state()).isEqualTo(Path.of("/var/lib/regent/shop"));
    assertThat(folders.run()).isEqualTo(Path.of("/run/regent"));
  }

  @Test
  void aMissingFileSaysHowToBegin() {
    Path none = temp.resolve("none.toml");
    assertThat(Desktop.mistakes(ConfigLoader.load(none, Desktop.surroundings())))
        .containsExactly(none + " does not exist; begin with: regent config example > " + none);
  }
}
