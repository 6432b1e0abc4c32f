package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Logins that a server, or the proxy in its place, does not simply let in. */
class LoginTroubleTest {
  private static final byte[] FULL =
      Played.framed(0, new Err(1040, "08004", "Too many connections").encode());

  @Test
  void loginWaitsForRoomAtTheServer() {
    Played played = approaching();
    played.server(FULL);

    assertThat(played.isLinked()).isFalse();
    assertThat(played.said()).isEmpty();
    played.pass(Duration.ofSeconds(1));
    assertThat(played.isLinked()).isTrue();
    played.serverLetsIn();
    assertThat(played.said()).isEqualTo(Played.framed(2, Ok.encode(Played.AUTOCOMMIT)));
  }

  @Test
  void serverThatStaysFullIsToldAsItSaysIt() throws MalformedPacketException {
    Played played = approaching();
    played.server(FULL);
    for (int i = 0; i < 1000 && !played.hungUp; i++) {
      played.pass(Duration.ofMillis(100));
      if (played.isLinked()) {
        played.server(FULL);
      }
    }

    assertThat(played.now).isLessThan(Played.HOLD.toNanos());
    assertThat(played.error()).isEqualTo(new Err(1040, "08004", "Too many connections"));
    assertThat(played.hungUp).isTrue();
  }

  /** A session has the place of one user at a time, and of nobody once it is over. */
  @Test
  void placeOfAUserIsGivenBackByWhoeverLeavesOrBecomesSomebodyElse()
      throws MalformedPacketException {
    Played played = Played.loggedIn();
    assertThat(played.guests.enter("app")).as("a second one").isFalse();
    played.client(Played.framed(0, played.changeUser("secret")));
    played.serverLetsIn();
    assertThat(played.hungUp).isFalse();
    assertThat(played.guests.enter("app")).as("a second one").isFalse();
    played.clientGone();
    assertThat(played.guests.enter("app")).isTrue();
  }

  @Test
  void oneTooManyOfAUserIsToldAsAServerDoes() throws MalformedPacketException {
    Played played = new Played(Capability.DEPRECATE_EOF, Played.primary(1, Played.DB1));
    assertThat(played.guests.enter("app")).isTrue();
    played.login("secret");
    assertThat(played.error().code()).isEqualTo(1203);
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).isEmpty();
  }

  @Test
  void expiredPasswordConfinesTheSessionAndTheClientHearsItItself() {
    Played played = approaching();
    played.greet();
    played.told();
    played.server(Played.framed(2, Ok.encode(Played.AUTOCOMMIT)));
    played.server(Played.framed(1, new Err(1820, "HY000", "You must SET PASSWORD").encode()));

    assertThat(played.said()).isEqualTo(Played.framed(2, Ok.encode(Played.AUTOCOMMIT)));
    played.told();
    played.query("SELECT 1");
    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void strangerIsNotGreetedUnlessTheAccountsKnowItByNow() throws MalformedPacketException {
    Accounts known = Played.accounts("*14E65567ABDB5135D0CFD9A70B3032C179A49EE7");
    Accounts others =
        new Accounts(
            known.version(),
            known.charset(),
            true,
            List.of(new Account("app", new HostPattern("10.9.%"), Optional.empty(), false)));
    Played unknown = Played.before(others);
    assertThat(unknown.refreshes).isTrue();
    assertThat(unknown.said()).isEmpty();
    unknown.refreshed();
    assertThat(unknown.error())
        .isEqualTo(
            new Err(
                1130, "HY000", "Host '10.1.2.3' is not allowed to connect to this MariaDB server"));
    assertThat(unknown.hungUp).isTrue();

    Played late = Played.before(others);
    late.accounts = known;
    late.refreshed();
    late.login("secret");
    assertThat(late.linked).containsExactly(Played.DB1);
  }

  private static Played approaching() {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF | Capability.SESSION_TRACK, Played.primary(1, Played.DB1));
    played.login("secret");
    return played;
  }
}
