package dev.regent.server.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Account.Password;
import dev.regent.proxy.auth.Cleartext;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.auth.Requirement;
import dev.regent.proxy.auth.Secret;
import dev.regent.server.front.ClientPasswords.Entry;
import dev.regent.server.front.ClientPasswords.Reading;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows as servers write them. */
class PrivilegesTest {
  private static final String NATIVE = "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7";

  /** Of "foo". */
  private static final String ED25519 = "vubFBzIrapbfHct1/J72dnUryz5VS7lA6XHH8sIx4TI";

  private static final String PARSEC =
      "P1:AQIDBAUGBwgJCgsMDQ4PEBES:30D2RewtNR1IfHgv3GRr+UI0e/S3MT9ncquEP0xovHg";

  @Test
  void nativePasswordIsRead() {
    assertThat(
            password("'plugin':'mysql_native_password','authentication_string':'" + NATIVE + "'"))
        .isEqualTo(new Password.Native(NativePassword.Stored.parse(NATIVE).orElseThrow()));
    assertThat(password("'plugin':'mysql_native_password','authentication_string':''"))
        .isEqualTo(new Password.None());
    assertThat(password("'access':0")).isEqualTo(new Password.None());
    assertThat(password("'plugin':'mysql_native_password','authentication_string':'invalid'"))
        .isEqualTo(new Password.Never());
  }

  @Test
  void keyIsMadeOfThePasswordThatIsKnown() {
    Keys keys = Keys.none().with(reading("foo"));
    for (String row :
        List.of(
            "'plugin':'ed25519','authentication_string':'" + ED25519 + "'",
            "'plugin':'parsec','authentication_string':'" + PARSEC + "'")) {
      assertThat(isKeyOf(account(row, keys))).as(row).isTrue();
      assertThat(isKeyOf(account(row, keys.with(reading("bar"))))).as(row).isFalse();
      assertThat(isKeyOf(account(row, Keys.none()))).as(row).isFalse();
      assertThat(isKeyOf(account(row, keys.again()))).as(row).isTrue();
    }
    assertThat(password("'plugin':'ed25519','authentication_string':'short'"))
        .isEqualTo(new Password.Never());
  }

  @Test
  void oneOfSeveralPluginsIsEnough() {
    String socket = "'plugin':'unix_socket','authentication_string':''";
    String stored = "'plugin':'mysql_native_password','authentication_string':'" + NATIVE + "'";
    assertThat(password(socket + ",'auth_or':[{" + stored + "},{}]"))
        .isInstanceOf(Password.Native.class);
    assertThat(password(stored + ",'auth_or':[{},{" + socket + "}]"))
        .isInstanceOf(Password.Native.class);
    assertThat(
            password(
                "'plugin':'ed25519','authentication_string':'"
                    + ED25519
                    + "','auth_or':[{'plugin':'pam','authentication_string':''},{}]"))
        .isInstanceOf(Password.Ed25519.class);
    assertThat(account(socket, Keys.none()).password()).isEmpty();
  }

  @Test
  void pamIsAskedAsTheServerAsks() {
    String pam = "'plugin':'pam','authentication_string':'mariadb'";
    assertThat(password(pam)).isEqualTo(new Password.Told(Cleartext.DIALOG));
    assertThat(row(pam).account(Keys.none(), true).orElseThrow().password())
        .contains(new Password.Told(Cleartext.BARE));
  }

  @Test
  void requirementsLocksAndRolesAreRead() {
    assertThat(account("'ssl_type':1", Keys.none()).transport())
        .isEqualTo(new Requirement.Encrypted());
    assertThat(account("'ssl_type':2", Keys.none()).transport())
        .isEqualTo(new Requirement.Certified());
    assertThat(
            account(
                    "'ssl_type':3,'ssl_cipher':'C','x509_issuer':'/CN=i','x509_subject':'/CN=s'",
                    Keys.none())
                .transport())
        .isEqualTo(new Requirement.Specified("C", "/CN=i", "/CN=s"));
    assertThat(account("'account_locked':true", Keys.none()).locked()).isTrue();
    assertThat(account("'access':1", Keys.none()).locked()).isFalse();
    assertThat(row("'is_role':true").account(Keys.none(), false)).isEmpty();
  }

  @Test
  void whatNoServerWroteIsNoWayIn() {
    Account broken = new Privileges("app", "%", "{").account(Keys.none(), false).orElseThrow();
    assertThat(broken.password()).isEmpty();
    assertThat(broken.user()).isEqualTo("app");
  }

  private static boolean isKeyOf(Account account) {
    return switch (account.password().orElseThrow()) {
      case Password.Ed25519 ed -> ed.key().filter(k -> k.shown().equals(ed.stored())).isPresent();
      case Password.Salted salted ->
          salted.key().filter(k -> k.shown().equals(salted.stored().key())).isPresent();
      default -> false;
    };
  }

  private static Reading.Read reading(String password) {
    return new Reading.Read(List.of(new Entry("app", Optional.empty(), Secret.of(password))));
  }

  private static Password password(String members) {
    return account(members, Keys.none()).password().orElseThrow();
  }

  private static Account account(String members, Keys keys) {
    return row(members).account(keys, false).orElseThrow();
  }

  private static Privileges row(String members) {
    return new Privileges("app", "%", "{" + members.replace('\'', '"') + "}");
  }
}
