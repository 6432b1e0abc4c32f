package dev.regent.server.front;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Account.Password;
import dev.regent.proxy.auth.Cleartext;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.auth.Parsec;
import dev.regent.proxy.auth.PublicKey;
import dev.regent.proxy.auth.Requirement;
import dev.regent.server.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A row of {@code mysql.global_priv}.
 *
 * @param privileges JSON, as the server wrote it
 */
record Privileges(String user, String host, String privileges) {
  private static final String ED25519 = "ed25519";
  private static final String PAM = "pam";

  /** The first of them that an account has is the one that counts here. */
  private static final List<String> PLUGINS =
      List.of("", NativePassword.PLUGIN, ED25519, Parsec.PLUGIN, PAM);

  private record Way(String plugin, String stored) {}

  /** Empty: it is a role's. What no server wrote is an account that nobody can prove. */
  Optional<Account> account(Keys keys, boolean bare) {
    JsonNode json;
    try {
      json = Json.read(privileges, JsonNode.class);
    } catch (JacksonException e) {
      return Optional.of(new Account(user, new HostPattern(host), Optional.empty(), true));
    }
    if (isTrue(json.path("is_role"))) {
      return Optional.empty();
    }
    return Optional.of(
        new Account(
            user,
            new HostPattern(host),
            requirement(json),
            best(json).flatMap(way -> password(way, keys, bare)),
            isTrue(json.path("account_locked"))));
  }

  private static boolean isTrue(JsonNode value) {
    return value.asBoolean(false);
  }

  private static Requirement requirement(JsonNode json) {
    return switch (json.path("ssl_type").asInt(0)) {
      case 0 -> new Requirement.Nothing();
      case 1 -> new Requirement.Encrypted();
      case 2 -> new Requirement.Certified();
      default ->
          new Requirement.Specified(
              json.path("ssl_cipher").asString(""),
              json.path("x509_issuer").asString(""),
              json.path("x509_subject").asString(""));
    };
  }

  /** {@code VIA a OR b}: one is enough. */
  private static Optional<Way> best(JsonNode json) {
    List<Way> all = new ArrayList<>();
    all.add(way(json));
    // An empty one stands for the one above, in its place.
    json.path("auth_or")
        .forEach(one -> {
          if (one.has("plugin")) {
            all.add(way(one));
          }
        });
    return PLUGINS.stream()
        .flatMap(plugin -> all.stream().filter(way -> way.plugin().equals(plugin)))
        .findFirst();
  }

  private static Way way(JsonNode json) {
    return new Way(
        json.path("plugin").asString(""), json.path("authentication_string").asString(""));
  }

  private Optional<Password> password(Way way, Keys keys, boolean bare) {
    if (way.plugin().equals(PAM)) {
      return Optional.of(new Password.Told(bare ? Cleartext.BARE : Cleartext.DIALOG));
    }
    if (way.stored().isEmpty()
        && (way.plugin().isEmpty() || way.plugin().equals(NativePassword.PLUGIN))) {
      return Optional.of(new Password.None());
    }
    Optional<Password> known =
        switch (way.plugin()) {
          case ED25519 ->
              PublicKey.parse(way.stored())
                  .map(stored -> new Password.Ed25519(stored, keys.ed25519(user, host)));
          case Parsec.PLUGIN ->
              Parsec.Stored.parse(way.stored())
                  .map(stored -> new Password.Salted(stored, keys.parsec(user, host, stored)));
          default -> NativePassword.Stored.parse(way.stored()).map(Password.Native::new);
        };
    return Optional.of(known.orElseGet(Password.Never::new));
  }
}
