package dev.regent.server.execute;

import dev.regent.server.connect.Account;
import dev.regent.server.connect.Quoted;
import dev.regent.server.connect.Tls;
import java.util.Optional;

/**
 * How replicas log in to their source.
 *
 * @param tls of the connections between servers, its paths being paths on the servers; empty: as
 *     each server has it, {@code MASTER_SSL} settings are preserved
 */
public record SourceLogin(Account account, Optional<Tls> tls) {

  /**
   * Puts the values where a step's statement has {@code :user}, {@code :password}, {@code :tls}.
   */
  String fillIn(String sql) {
    String encryption = tls.map(t -> ", MASTER_SSL=" + options(t)).orElse("");
    return sql.replace(", MASTER_SSL=:tls", encryption)
        .replace(":user", Quoted.text(account.user()))
        .replace(":password", Quoted.text(account.password()));
  }

  private static String options(Tls tls) {
    return switch (tls.mode()) {
      case OFF -> "0, MASTER_SSL_VERIFY_SERVER_CERT=0";
      case TRUST -> "1, MASTER_SSL_VERIFY_SERVER_CERT=0";
      case VERIFY ->
          "1, MASTER_SSL_VERIFY_SERVER_CERT=1"
              + tls.authority()
                  .map(file -> ", MASTER_SSL_CA=" + Quoted.text(file.toString()))
                  .orElse("");
    };
  }
}
