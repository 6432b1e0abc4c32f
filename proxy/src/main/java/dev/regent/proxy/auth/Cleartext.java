package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.PacketWriter;
import java.util.Arrays;

/** The plugins by which a client tells its password itself. */
public final class Cleartext {
  /** Questions and answers, the password's first: how PAM is asked for. */
  public static final String DIALOG = "dialog";

  /** Nothing but the password. */
  public static final String BARE = "mysql_clear_password";

  /** Of a question whose answer is not shown (MariaDB, auth_pam_base.c). */
  private static final int HIDDEN = 4;

  private Cleartext() {}

  static Question question(String plugin) {
    byte[] prompt =
        plugin.equals(DIALOG)
            ? new PacketWriter().int1(HIDDEN).text("Password: ").payload()
            : new byte[0];
    return new Question(plugin, 0, Bytes.of(prompt), Bytes.of());
  }

  /** Without the zero at its end. */
  static Secret password(Answer answer) {
    byte[] said = answer.proofBytes();
    boolean ended = said.length > 0 && said[said.length - 1] == 0;
    return new Secret(ended ? Arrays.copyOf(said, said.length - 1) : said);
  }
}
