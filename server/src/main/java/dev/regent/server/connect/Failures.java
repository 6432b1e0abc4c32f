package dev.regent.server.connect;

import dev.regent.core.model.Observation.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What a driver's exception says about the server (DESIGN 4). The driver wraps freely, so the whole
 * chain of causes is read: a number from the server decides, then the socket's error, then words.
 */
final class Failures {
  /** A chain of causes longer than this is a loop. */
  private static final int CAUSES_MAX = 20;

  /** The server knows who we are, and refuses: wrong password, host, plugin, privilege, locked. */
  private static final Set<Integer> REFUSALS =
      Set.of(
          1044, 1045, 1095, 1129, 1130, 1131, 1142, 1143, 1227, 1251, 1275, 1524, 1698, 1820, 1862,
          4151);

  private static final Set<Integer> FULL = Set.of(1040, 1203, 1226);

  /** The server ends the connection with these: going down, killed by somebody, network. */
  private static final Set<Integer> GOODBYES =
      Set.of(1053, 1079, 1152, 1156, 1158, 1159, 1160, 1161, 1184, 1927, 4031);

  private static final Pattern CONNECTION = Pattern.compile("\\(conn=\\d+\\) ");

  private Failures() {}

  /** {@code expired}: our own deadline closed the socket. */
  static LinkException of(Throwable failure, boolean expired, String server, Account account) {
    List<Throwable> chain = chain(failure);
    int code = expired ? 0 : code(chain);
    Kind kind = expired ? Kind.TIMEOUT : code > 0 ? answer(code) : broken(chain);
    boolean answered = code > 0 && !GOODBYES.contains(code);
    String words = expired ? "no answer in time" : words(chain);
    return new LinkException(kind, code, answered, server + ": " + account.hideIn(words));
  }

  /** The link is still in step: the whole answer was read. */
  static LinkException notUnderstood(IllegalArgumentException e, String server) {
    return new LinkException(Kind.PROTOCOL, 0, true, server + ": " + e.getMessage());
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && chain.size() < CAUSES_MAX; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  private static int code(List<Throwable> chain) {
    for (Throwable t : chain) {
      if (t instanceof SQLException e && e.getErrorCode() > 0 && !isClosed(e)) {
        return e.getErrorCode();
      }
    }
    return 0;
  }

  /** The driver's own words, with a number that means something else to the server. */
  private static boolean isClosed(SQLException e) {
    return e.getErrorCode() == 1220 && "08000".equals(e.getSQLState());
  }

  private static Kind answer(int code) {
    if (REFUSALS.contains(code)) {
      return Kind.AUTH;
    }
    if (FULL.contains(code)) {
      return Kind.TOO_MANY_CONNECTIONS;
    }
    return GOODBYES.contains(code) ? Kind.RESET : Kind.PROTOCOL;
  }

  /** The innermost cause first: TLS wraps a cut connection as its own failure. */
  private static Kind broken(List<Throwable> chain) {
    for (Throwable t : chain.reversed()) {
      Kind kind =
          switch (t) {
            case EOFException e -> Kind.RESET;
            case SocketTimeoutException e -> Kind.TIMEOUT;
            case SQLTimeoutException e -> Kind.TIMEOUT;
            case UnknownHostException e -> Kind.TIMEOUT;
            case ConnectException e -> refused(e) ? Kind.REFUSED : Kind.TIMEOUT;
            case NoRouteToHostException e -> Kind.TIMEOUT;
            case SocketException e -> Kind.RESET;
            case SSLException e -> Kind.TLS;
            case CertificateException e -> Kind.TLS;
            case IOException e -> Kind.RESET;
            default -> Kind.PROTOCOL;
          };
      if (kind != Kind.PROTOCOL) {
        return kind;
      }
    }
    if (chain.stream().anyMatch(t -> t instanceof SQLException e && isClosed(e))) {
      return Kind.RESET;
    }
    return aboutTls(chain) ? Kind.TLS : Kind.PROTOCOL;
  }

  private static boolean refused(ConnectException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }

  /** The driver has no type for these, only words. */
  private static boolean aboutTls(List<Throwable> chain) {
    return chain.stream()
        .map(t -> String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT))
        .anyMatch(m -> m.contains("ssl") || m.contains("certificate"));
  }

  private static String words(List<Throwable> chain) {
    String message = String.valueOf(chain.getFirst().getMessage());
    String cause = String.valueOf(chain.getLast().getMessage());
    String all = message.contains(cause) ? message : message + " (" + cause + ")";
    // The same failure must read the same every time.
    return CONNECTION.matcher(all).replaceAll("");
  }
}
