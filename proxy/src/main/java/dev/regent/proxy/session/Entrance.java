package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.Secured;
import dev.regent.proxy.auth.Visitor.Onward;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.session.Door.Encryption;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Seed;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Who may come in: the login of a client, and its wish to be somebody else. */
final class Entrance {
  /** A server's {@code connect_timeout}. */
  static final Duration LOGIN_MAX = Duration.ofSeconds(10);

  private final State state;
  private final Links links;
  private final HostPattern.Peer peer;
  private final Supplier<Accounts> accounts;
  private final long offered;
  private ClientLogin login;
  private long loginUntil;

  /** The number of a client that may not even be greeted, while that is looked at again. */
  private OptionalLong stranger = OptionalLong.empty();

  /** Who counts as a guest of the listener. */
  private Optional<String> guest = Optional.empty();

  Entrance(
      State state, Links links, HostPattern.Peer peer, Seed seed, Supplier<Accounts> accounts) {
    this.state = state;
    this.links = links;
    this.peer = peer;
    this.accounts = accounts;
    this.offered =
        Capability.offered(accounts.get().version())
            | (state.settings.door().toClients() == Encryption.NONE ? 0 : Capability.SSL);
    Door door = state.settings.door();
    Onward onward = new Onward(door.asks(), door.believed(), door.certified());
    this.login = new ClientLogin(peer, seed, offered, onward);
  }

  void greet(long connection) {
    awaitLogin();
    if (accounts.get().knows(peer)) {
      state.phase = Phase.LOGIN;
      state.say(login.greeting(accounts.get(), connection));
    } else {
      stranger = OptionalLong.of(connection);
      state.phase = Phase.REFRESH;
      state.effects.add(new Effect.Refresh());
    }
  }

  private void awaitLogin() {
    loginUntil = state.now + LOGIN_MAX.toNanos();
    state.effects.add(new Effect.Wake(loginUntil));
  }

  /**
   * Who connects, or wants to be somebody else, and does not say who it is does not stay: a
   * server's limit is the same.
   */
  void tick() {
    if (state.phase == Phase.LOGIN && state.now - loginUntil >= 0) {
      state.effects.add(new Effect.Refused(Refusal.LATE));
      links.end();
    } else if (state.phase == Phase.LOGIN) {
      state.effects.add(new Effect.Wake(loginUntil));
    }
  }

  /** The accounts may know it by now. */
  private void greetStranger(long connection) {
    stranger = OptionalLong.empty();
    if (accounts.get().knows(peer)) {
      greet(connection);
    } else {
      refuse(Refusal.HOST, Trouble.stranger(accounts.get().seen(peer)), 0);
    }
  }

  int read(Bytes in) throws MalformedPacketException {
    ClientLogin.Result result = login.read(in);
    int used = login.used();
    answer(result);
    return used;
  }

  void secured(Secured how) {
    login.secured(how);
  }

  /** What the client sent is no login. */
  void malformed() {
    refuse(Refusal.HANDSHAKE, Trouble.badHandshake(), login.nextSequence());
  }

  void changeUser(Bytes packet) throws MalformedPacketException {
    login = ClientLogin.change(login, state.mine().login(), packet);
    links.unlinkAll();
    state.forgetTransaction();
    state.heldSince = OptionalLong.empty();
    state.phase = Phase.LOGIN;
    awaitLogin();
    answer(login.begin());
  }

  void refreshed() {
    if (state.phase != Phase.REFRESH) {
      return;
    }
    if (stranger.isPresent()) {
      greetStranger(stranger.getAsLong());
      return;
    }
    // Once: other threads may replace them meanwhile.
    Accounts now = accounts.get();
    Accounts.Verdict verdict = login.check(now);
    if (!goesOn(verdict)) {
      refuse(kind(verdict), refusal(verdict, now), login.nextSequence());
    }
  }

  private void refuse(Refusal why, Err err, int sequence) {
    state.effects.add(new Effect.Refused(why));
    links.endWith(err, sequence);
  }

  private Refusal kind(Accounts.Verdict verdict) {
    return switch (verdict) {
      case Accounts.Verdict.Locked locked -> Refusal.LOCKED;
      case Accounts.Verdict.Unsupported unsupported -> Refusal.PLUGIN;
      case Accounts.Verdict.Alone alone -> Refusal.PLUGIN;
      case Accounts.Verdict.Asks asks when login.isOld() -> Refusal.PLUGIN;
      case Accounts.Verdict.Uncertified uncertified -> Refusal.CERTIFICATE;
      case Accounts.Verdict.Exposed exposed -> Refusal.ENCRYPTION;
      case Accounts.Verdict.Asks asks -> Refusal.DENIED;
      case Accounts.Verdict.Denied denied -> Refusal.DENIED;
      case Accounts.Verdict.Admitted admitted ->
          throw new IllegalStateException("admitted, and counted as refused");
    };
  }

  private Err refusal(Accounts.Verdict verdict, Accounts now) {
    String user = login.request().user();
    return switch (verdict) {
      case Accounts.Verdict.Locked locked -> Trouble.locked();
      case Accounts.Verdict.Unsupported unsupported -> Trouble.unsupported(user);
      case Accounts.Verdict.Uncertified uncertified ->
          Trouble.uncertified(user, uncertified.asked());
      case Accounts.Verdict.Alone alone -> Trouble.alone(user, alone.known());
      case Accounts.Verdict.Exposed exposed -> Trouble.exposed(user);
      case Accounts.Verdict.Asks asks when login.isOld() -> Trouble.tooOld();
      case Accounts.Verdict.Asks asks -> Trouble.denied(user, now.seen(peer), login.usesPassword());
      case Accounts.Verdict.Denied denied ->
          Trouble.denied(user, now.seen(peer), login.usesPassword());
      case Accounts.Verdict.Admitted admitted ->
          throw new IllegalStateException("admitted, and told why not");
    };
  }

  private void answer(ClientLogin.Result result) {
    switch (result) {
      case ClientLogin.Result.Incomplete incomplete -> {}
      case ClientLogin.Result.Ask ask -> state.say(ask.packet().bytes());
      case ClientLogin.Result.Headed headed ->
          refuse(Refusal.HEADER, Trouble.header(peer), login.nextSequence());
      case ClientLogin.Result.Secure secure -> state.effects.add(new Effect.SecureClient());
      case ClientLogin.Result.Proved proved -> {
        if (state.settings.door().toClients() == Encryption.REQUIRED && !login.isSecured()) {
          refuse(Refusal.ENCRYPTION, Trouble.plain(), login.nextSequence());
        } else if (!goesOn(login.check(accounts.get()))) {
          state.phase = Phase.REFRESH;
          state.effects.add(new Effect.Refresh());
        }
      }
    }
  }

  /** It is nobody's session any more. */
  void left() {
    guest.ifPresent(state.settings.guests()::leave);
    guest = Optional.empty();
  }

  /** Whether the client comes in, or is asked something. */
  private boolean goesOn(Accounts.Verdict verdict) {
    if (verdict instanceof Accounts.Verdict.Admitted admitted) {
      String user = login.request().user();
      left();
      if (!state.settings.guests().enter(user)) {
        links.endWith(Trouble.tooManyOf(user), login.nextSequence());
        return true;
      }
      guest = Optional.of(user);
      links.standby().leave();
      state.memory = Optional.of(new Memory(login.request(), admitted));
      state.loginAnswer = Optional.of(login.nextSequence());
      state.countHold();
      links.proceed();
      return true;
    }
    if (verdict instanceof Accounts.Verdict.Asks asks && login.canBeAsked()) {
      state.phase = Phase.LOGIN;
      // The time that it has for its login does not begin anew.
      state.effects.add(new Effect.Wake(loginUntil));
      state.say(login.ask(asks.question()));
      return true;
    }
    return false;
  }
}
