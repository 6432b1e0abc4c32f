package dev.regent.cli.client;

/**
 * A request to the daemon under construction. Arguments that are absent (false, empty, negative)
 * are not sent. Written by hand: a JSON library would double the start of a command.
 */
public final class Ask {
  private final String command;
  private final StringBuilder args = new StringBuilder();

  private Ask(String command) {
    this.command = command;
  }

  public static Ask to(String command) {
    return new Ask(command);
  }

  public Ask with(String name, boolean value) {
    return value ? add(name, "true") : this;
  }

  public Ask with(String name, String value) {
    return value.isEmpty() ? this : add(name, quote(value));
  }

  public Ask with(String name, int value) {
    return value < 0 ? this : add(name, Integer.toString(value));
  }

  private Ask add(String name, String json) {
    args.append(args.isEmpty() ? "" : ",").append(quote(name)).append(':').append(json);
    return this;
  }

  String line(Surroundings surroundings, boolean color) {
    return "{\"command\":"
        + quote(command)
        + ",\"args\":{"
        + args
        + "},\"tty\":"
        + surroundings.outIsTerminal()
        + ",\"columns\":"
        + surroundings.columns()
        + ",\"color\":"
        + (color && surroundings.color())
        + ",\"user\":"
        + quote(surroundings.environment().getOrDefault("SUDO_USER", surroundings.user()))
        + "}";
  }

  private static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        default -> {
          if (c < ' ') {
            json.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
