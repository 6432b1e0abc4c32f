package dev.regent.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Observation.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final Account ACCOUNT = new Account("regent", "topsecret");

  private static LinkException of(Throwable failure) {
    return Failures.of(failure, false, "db1:3306", ACCOUNT);
  }

  private static Kind kind(Throwable cause) {
    return of(new SQLNonTransientConnectionException("cannot connect", "08000", cause)).kind();
  }

  private static LinkException answer(int code, String state) {
    return of(new SQLException("(conn=12) words", state, code));
  }

  @Test
  void socketErrorsAreNamed() {
    assertThat(kind(new ConnectException("Connection refused"))).isEqualTo(Kind.REFUSED);
    assertThat(kind(new ConnectException("Connection timed out"))).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new ConnectException("Network is unreachable"))).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new NoRouteToHostException("No route to host"))).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new UnknownHostException("db1"))).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new SocketTimeoutException("timed out"))).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new SocketException("Connection reset"))).isEqualTo(Kind.RESET);
    assertThat(kind(new EOFException("unexpected end of stream"))).isEqualTo(Kind.RESET);
  }

  @Test
  void tlsIsNotBlamedForACutConnection() {
    var broken = new SSLHandshakeException("Remote host terminated the handshake");
    assertThat(kind(broken)).isEqualTo(Kind.TLS);
    broken.initCause(new EOFException("SSL peer shut down incorrectly"));
    assertThat(kind(broken)).isEqualTo(Kind.RESET);
    assertThat(of(new SQLException("ssl not enabled in the server", "08000")).kind())
        .isEqualTo(Kind.TLS);
  }

  @Test
  void answersOfTheServerAreNamed() {
    assertThat(answer(1045, "28000").kind()).isEqualTo(Kind.AUTH);
    assertThat(answer(1129, "HY000").kind()).isEqualTo(Kind.AUTH);
    assertThat(answer(1698, "28000").kind()).isEqualTo(Kind.AUTH);
    assertThat(answer(1040, "08004").kind()).isEqualTo(Kind.TOO_MANY_CONNECTIONS);
    assertThat(answer(1226, "42000").kind()).isEqualTo(Kind.TOO_MANY_CONNECTIONS);
    assertThat(answer(1064, "42000").kind()).isEqualTo(Kind.PROTOCOL);
    assertThat(answer(1053, "08S01").kind()).isEqualTo(Kind.RESET);
    assertThat(answer(1927, "70100").answered()).isFalse();
    assertThat(answer(1064, "42000").answered()).isTrue();
  }

  @Test
  void numberInsideACauseCounts() {
    SQLException inner = new SQLException("you need BINLOG ADMIN", "42000", 1227);
    assertThat(of(new SQLException("initialization failed", "08000", -1, inner)).kind())
        .isEqualTo(Kind.AUTH);
  }

  @Test
  void driversOwnNumberIsNotTheServers() {
    LinkException closed = answer(1220, "08000");
    assertThat(closed.kind()).isEqualTo(Kind.RESET);
    assertThat(closed.answered()).isFalse();
    assertThat(answer(1220, "HY000").answered()).isTrue();
  }

  @Test
  void ourOwnDeadlineIsSilenceWhateverTheSocketSays() {
    LinkException late =
        Failures.of(new SocketException("Socket closed"), true, "db1:3306", ACCOUNT);
    assertThat(late.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(late.answered()).isFalse();
    assertThat(late).hasMessage("db1:3306: no answer in time");
  }

  @Test
  void messageReadsTheSameEveryTimeAndKeepsThePassword() {
    LinkException e = of(new SQLException("(conn=99) near 'topsecret'", "42000", 1064));
    assertThat(e).hasMessage("db1:3306: near '***'");
    assertThat(ACCOUNT.toString()).doesNotContain("topsecret");
  }
}
