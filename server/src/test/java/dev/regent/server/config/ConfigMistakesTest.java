package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigMistakesTest {
  @TempDir Path temp;

  @Test
  void allMistakesAreToldAtOnceInTheirOrder() {
    String text =
        """
        [cluster]
        name = "my shop"
        profil = "safe"
        [[server]]
        name = "db1"
        address = "db1"
        [[server]]
        name = "db1"
        address = "db2:99999"
        synchronous = "yes"
        [[server]]
        address = "db3:3306"
        [credentials]
        admin_user = "regent"
        admin_password_file = "nowhere"
        replication_user = ""
        [detect]
        interval = 250
        silence = "3 sec"
        confirmations = 0
        grace = "3s"
        [failover]
        on_drain_timeout = "PROMOTE"
        [hooks]
        fence = "fence --now"
        pre_promote = []
        [deamon]
        state_dir = "x"
        """;
    assertThat(new Desktop(temp).mistakesIn(text))
        .containsExactly(
            "line 2: [cluster] name cannot be \"my shop\"; use letters, digits, '.', '_' and '-',"
                + " at most 64, a letter or digit first",
            "line 3: [cluster] has no key profil; did you mean profile?",
            "line 6: [[server]] address must be host:port, not \"db1\"; write address ="
                + " \"db1:3306\"",
            "line 8: [[server]] name \"db1\" is taken since line 5; name it otherwise",
            "line 9: [[server]] address has port 99999; write a port from 1 to 65535",
            "line 10: [[server]] synchronous must be true or false, not \"yes\"; write synchronous"
                + " = true or false",
            "line 11: [[server]] name is missing; add name = \"db1\"",
            "line 13: [credentials] replication_password is missing; add"
                + " replication_password_file = \"FILE\", replication_password_env = \"VARIABLE\""
                + " or replication_password = \"...\"",
            "line 15: [credentials] admin_password_file "
                + temp.resolve("nowhere")
                + " does not exist; create it with mode 600, or name another",
            "line 16: [credentials] replication_user must be a text, not \"\"; write"
                + " replication_user = \"...\"",
            "line 18: [detect] interval must be a whole number with a unit (ms, s, m, h, d) in"
                + " quotes, not 250; write interval = \"250ms\"",
            "line 19: [detect] silence must be a whole number with a unit (ms, s, m, h, d) in"
                + " quotes, not \"3 sec\"; write silence = \"3s\"",
            "line 20: [detect] confirmations must be a whole number from 1 to 100, not 0; write for"
                + " example confirmations = 2",
            "line 21: [detect] has no key grace; did you mean [failover] grace?",
            "line 23: [failover] on_drain_timeout must be one of \"wait\", \"promote\", \"hold\","
                + " not \"PROMOTE\"; write on_drain_timeout = \"promote\"",
            "line 25: [hooks] fence must be a list of texts, not \"fence --now\"; write fence ="
                + " [\"/path/to/command\", \"argument\"]",
            "line 26: [hooks] pre_promote must be a list of texts, not an empty list; write"
                + " pre_promote = [\"/path/to/command\", \"argument\"]",
            "line 27: there is no section [deamon]; did you mean [daemon]?");
  }

  @Test
  void anEmptyFileSaysWhatAConfigurationNeeds() {
    assertThat(new Desktop(temp).mistakesIn(""))
        .containsExactly(
            "[cluster] name is missing; add name = \"shop\"",
            "no server is configured; add [[server]] with name and address, one per server",
            "[credentials] admin_user is missing; add admin_user = \"regent\"",
            "[credentials] admin_password is missing; add admin_password_file = \"FILE\","
                + " admin_password_env = \"VARIABLE\" or admin_password = \"...\"",
            "[credentials] replication_user is missing; add replication_user = \"regent\"",
            "[credentials] replication_password is missing; add replication_password_file ="
                + " \"FILE\", replication_password_env = \"VARIABLE\" or replication_password ="
                + " \"...\"");
  }

  @Test
  void whatIsNotTomlIsToldWithoutFollowingMistakes() {
    String text =
        Desktop.SMALLEST
            .replace("name = \"shop\"", "name = shop")
            .replace("admin_user = \"regent\"", "admin_user \"regent\"");
    assertThat(new Desktop(temp).mistakesIn(text))
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("line 2: unexpected 's', expected "),
            second -> assertThat(second).startsWith("line 10: unexpected \", expected =;"));
  }

  @Test
  void whatIsSaidTwiceIsToldWithBothLines() {
    assertThat(new Desktop(temp).mistakesIn(Desktop.SMALLEST + "[cluster]\nname = \"b\"\n"))
        .contains("line 14: cluster previously defined at line 1, column 1; keep one of the two");
  }

  /** A change to the smallest configuration, and the one mistake that it makes. */
  static Stream<Arguments> changes() {
    return Stream.of(
        change("[detect]\nprobe_timeout = \"3s\"", "probe_timeout", "no probe could end within"),
        change("[detect]\nsilence = \"800ms\"", "silence", "probe_timeout 1s and silence 800ms"),
        change("[detect]\ninterval = \"4s\"\nstale_after = \"9s\"", "interval", "no probe within"),
        change("[detect]\nstale_after = \"250ms\"", "stale_after", "every observation stale"),
        change("[detect]\nwrite_probe_timeout = \"1s\"", "write_probe_timeout", "no write probe"),
        change("[detect]\nsilence = \"1.5s\"", "silence", "write silence = \"1500ms\""),
        change("[detect]\nsilence = \"-3s\"", "silence", "write silence = \"3s\""),
        change("[detect]\nsilence = \"5 parsecs\"", "silence", "write silence = \"3s\""),
        change("[detect]\nsilence = 4000", "silence", "write silence = \"4000s\""),
        change("[detect]\nsilence = true", "silence", "write silence = \"3s\""),
        change("[detect]\nsilence = \"2d\"", "silence is 2d", "from 10ms to 1h"),
        change("[flapping]\nwindow = \"90 Minutes\"", "window", "write window = \"90m\""),
        change("[switchover]\nlag_max = \"1500ms\"", "whole seconds", "write lag_max = \"2s\""),
        change("[tls]\nmode = \"verifi\"", "mode", "write mode = \"verify\""),
        change("[tls]\nmode = \"off\"\nca = \"/dev/null\"", "ca", "only with mode = \"verify\""),
        change("[tls]\nca = \"nowhere.pem\"", "ca", "name an existing file"),
        change("[tls]\nkey_store_password_env = \"REGENT_PW\"", "key_store", "is missing beside"),
        change(
            "[tls]\nmode = \"off\"\nkey_store = \"/dev/null\"\nkey_store_password_env ="
                + " \"REGENT_PW\"",
            "key_store",
            "no use with mode = \"off\""),
        change("[replication]\ntls_ca = \"/x\"", "tls_ca", "only with tls = \"verify\""),
        change("[hooks]\nfence = [\"fence\"]", "fence", "absolute path"),
        change("[hooks]\nfence = [\"/nowhere/fence\"]", "fence", "no program that can be run"),
        change("[hooks]\nfence = [\"/bin/sh\", 3]", "fence", "list of texts"),
        change("[hooks]\nfence_timeout = \"3s\"", "fence_timeout", "has no hook"),
        change("[daemon]\nstate_dir = \"a\\u0000b\"", "state_dir", "is no path"),
        change("[[rejoin]]\nautomatic = true", "rejoin", "write [rejoin] once"),
        change("detect = 3", "no key detect", "write [detect] above its keys"));
  }

  private static Arguments change(String added, String first, String second) {
    return Arguments.of(added, first, second);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void oneMistakeIsToldOnce(String added, String first, String second) {
    List<String> mistakes = new Desktop(temp).mistakesIn(Desktop.SMALLEST + added + "\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst()).contains(first).contains(second).matches("(?s)line 1[3-9]: .*");
  }

  @Test
  void serversMustBeApart() {
    String twice =
        Desktop.SMALLEST.replace("\"db2:3306\"", "\"db1:3306\"\nreplication_address = \"x:1\"");
    assertThat(new Desktop(temp).mistakesIn(twice))
        .containsExactly(
            "line 8: [[server]] address \"db1:3306\" is taken since line 5; every server has an"
                + " address of its own");
    String behind =
        Desktop.SMALLEST.replace(
            "\"db2:3306\"", "\"db2:3306\"\nreplication_address = \"db1:3306\"");
    assertThat(new Desktop(temp).mistakesIn(behind))
        .containsExactly(
            "line 9: [[server]] replication_address \"db1:3306\" is taken since line 5; every"
                + " server has an address of its own");
  }

  @Test
  void oneServerIsNoCluster() {
    String one =
        Desktop.SMALLEST.replaceFirst("(?s)\\[\\[server]]\nname = \"db2\".*?\\[cred", "[cred");
    assertThat(new Desktop(temp).mistakesIn(one))
        .containsExactly(
            "line 4: the cluster has one server; add a second [[server]]: a failover needs"
                + " somewhere to go");
    assertThat(
            new Desktop(temp)
                .mistakesIn(
                    "server = []\n" + one.replaceFirst("(?s)\\[\\[server.*?\\[cred", "[cred")))
        .containsExactly(
            "line 1: no server is configured; add [[server]] with name and address, one per server");
  }

  @Test
  void profileSafeNeedsServersThatCanKeepIt() {
    String safe = Desktop.SMALLEST.replace("\"shop\"", "\"shop\"\nprofile = \"safe\"");
    String third = "[[server]]\nname = \"db3\"\naddress = \"db3:3306\"\n";
    assertThat(new Desktop(temp).mistakesIn(safe))
        .containsExactly(
            "line 3: [cluster] profile \"safe\" with two servers stops all writes as soon as either"
                + " is lost; add a server, or write profile = \"available\" and accept a stated"
                + " loss");
    assertThat(
            new Desktop(temp)
                .mistakesIn(
                    safe.replace(":3306\"", ":3306\"\nsynchronous = false")
                        + third
                        + "[replication]\nsemi_sync_timeout = \"1s\"\n"))
        .containsExactly(
            "line 3: [cluster] profile \"safe\" needs at least two servers with synchronous = true,"
                + " and there is 1; remove synchronous = false from a server, or write profile ="
                + " \"available\"",
            "line 21: [replication] semi_sync_timeout contradicts profile \"safe\", whose commits"
                + " wait without end; remove it, or write profile = \"available\"");
    assertThat(new Desktop(temp).loaded(safe + third).spec().servers()).hasSize(3);
  }

  @Test
  void automaticFailoverNeedsSomewhereToGo() {
    String never = Desktop.SMALLEST.replace("\"db2:3306\"", "\"db2:3306\"\npreference = \"never\"");
    assertThat(new Desktop(temp).mistakesIn(never))
        .containsExactly(
            "line 9: [[server]] preference \"never\" leaves one server only that may be primary,"
                + " and automatic failover has nowhere to go; let two servers be primary, or set"
                + " [failover] automatic = false");
    assertThat(new Desktop(temp).load(never + "[failover]\nautomatic = false\n"))
        .isInstanceOf(ConfigResult.Ok.class);
  }

  @Test
  void asyncHasNoSemiSyncToManage() {
    String async = Desktop.SMALLEST.replace("\"shop\"", "\"shop\"\nprofile = \"async\"");
    assertThat(new Desktop(temp).mistakesIn(async + "[replication]\nmanage_semi_sync = true\n"))
        .containsExactly(
            "line 16: [replication] manage_semi_sync contradicts profile \"async\", which has no"
                + " semi-sync; remove it, or write profile = \"available\"");
  }
}
