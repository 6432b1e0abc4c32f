package dev.regent.server.maxadmin;

import java.util.List;
import java.util.Locale;

/** The tables of {@code list ...}, framed as MaxScale frames them. */
final class Tables {
  private Tables() {}

  static String servers(List<ServerRow> rows) {
    StringBuilder body = new StringBuilder();
    for (ServerRow row : rows) {
      body.append(
          String.format(
              Locale.ROOT,
              "%-18s | %-15s | %5d | %11d | %s\n",
              row.name(),
              row.address(),
              row.port(),
              row.connections().now(),
              row.status()));
    }
    String head =
        String.format(
            Locale.ROOT,
            "%-18s | %-15s | Port  | Connections | %-20s\n",
            "Server",
            "Address",
            "Status");
    return framed("Servers.\n", rule(19, 17, 7, 13, 20), head, body);
  }

  static String monitors(String cluster) {
    return framed(
        "",
        rule(21, 21),
        String.format(Locale.ROOT, "%-20s | Status\n", "Monitor"),
        new StringBuilder(String.format(Locale.ROOT, "%-20s | Running\n", cluster)));
  }

  static String services(AdminSessions sessions) {
    StringBuilder body = new StringBuilder();
    if (sessions.listening()) {
      body.append(
          String.format(
              Locale.ROOT,
              "%-25s | %-20s | %6d | %5d\n",
              "CLI",
              "cli",
              sessions.open().size(),
              sessions.total()));
    }
    String head =
        String.format(
            Locale.ROOT,
            "%-25s | %-20s | #Users | Total Sessions\n",
            "Service Name",
            "Router Module");
    return framed("Services.\n", rule(26, 22, 8, 15), head, body);
  }

  static String listeners(AdminSessions sessions) {
    StringBuilder body = new StringBuilder();
    if (sessions.listening()) {
      body.append(
          String.format(
              Locale.ROOT,
              "%-20s | %-18s | %-15s | %5d | Running\n",
              "CLI",
              "maxscaled",
              sessions.address(),
              sessions.port()));
    }
    String head =
        String.format(
            Locale.ROOT,
            "%-20s | %-18s | %-15s | Port  | State\n",
            "Service Name",
            "Protocol Module",
            "Address");
    return framed("Listeners.\n", rule(21, 20, 17, 7, 8), head, body);
  }

  static String sessions(AdminSessions sessions) {
    StringBuilder body = new StringBuilder();
    for (AdminSessions.Open open : sessions.open()) {
      body.append(
          String.format(
              Locale.ROOT,
              "%-16s | %-15s | %-14s | Session ready for routing\n",
              String.format(Locale.ROOT, "0x%x", open.handle()),
              open.client(),
              "CLI"));
    }
    String head =
        String.format(
            Locale.ROOT, "%-16s | %-15s | %-14s | State\n", "Session", "Client", "Service");
    return framed("Sessions.\n", rule(17, 17, 16, 26), head, body);
  }

  private static String framed(String title, String rule, String head, StringBuilder body) {
    return title + rule + head + rule + body + rule;
  }

  private static String rule(int... widths) {
    StringBuilder rule = new StringBuilder();
    for (int width : widths) {
      rule.append(rule.isEmpty() ? "" : "+").append("-".repeat(width));
    }
    return rule.append('\n').toString();
  }
}
