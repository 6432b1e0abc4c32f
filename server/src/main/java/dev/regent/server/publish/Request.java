package dev.regent.server.publish;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client asked for.
 *
 * @param columns width of the client's terminal
 * @param user the client's operating system user as the kernel says, and whom it claims to be
 */
public record Request(String command, ObjectNode args, int columns, boolean color, String user) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final List<String> KEYS =
      List.of("command", "args", "tty", "columns", "color", "user");

  /** Narrower pages cannot show a server; wider ones are hard to read. */
  private static final int COLUMNS_MIN = 60;

  private static final int COLUMNS_MAX = 200;
  private static final int COLUMNS_DEFAULT = 80;

  /** The request cannot be understood; the message tells the client's user what is wrong. */
  public static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    public Mistake(String message) {
      super(message);
    }
  }

  /**
   * @param peer the user at the other end as the kernel knows it
   */
  static Request parse(String line, String peer) throws Mistake {
    ObjectNode node = object(line);
    for (String key : node.propertyNames()) {
      expect(KEYS.contains(key), "unknown key '" + key + "' in the request");
    }
    JsonNode args = node.path("args");
    expect(args.isMissingNode() || args.isObject(), "'args' is not an object");
    expect(node.path("command").isString(), "the request names no command");
    int columns = node.path("columns").asInt(COLUMNS_DEFAULT);
    return new Request(
        node.path("command").stringValue(),
        args instanceof ObjectNode o ? o : JsonNodeFactory.instance.objectNode(),
        Math.clamp(columns, COLUMNS_MIN, COLUMNS_MAX),
        node.path("color").asBoolean(false),
        who(peer, node.path("user").asString("")));
  }

  private static ObjectNode object(String line) throws Mistake {
    try {
      if (MAPPER.readTree(line) instanceof ObjectNode node) {
        return node;
      }
    } catch (JacksonException e) {
      throw new Mistake("the request is not JSON: " + e.getOriginalMessage());
    }
    throw new Mistake("the request is not a JSON object");
  }

  /** Root may act for somebody (sudo); the trail should name both. */
  private static String who(String peer, String claimed) {
    boolean same = claimed.isBlank() || claimed.equals(peer);
    return same ? peer : claimed.strip().replaceAll("\\p{Cntrl}", "") + " (as " + peer + ")";
  }

  private static void expect(boolean condition, String message) throws Mistake {
    if (!condition) {
      throw new Mistake(message);
    }
  }

  /** Refuses every argument but these. */
  public Request only(String... known) throws Mistake {
    for (String name : args.propertyNames()) {
      expect(
          List.of(known).contains(name),
          "command '" + command + "' has no argument '" + name + "'");
    }
    return this;
  }

  /** A text; empty if it is not given. */
  public Optional<String> text(String name) throws Mistake {
    JsonNode node = args.path(name);
    expect(absent(node) || node.isString(), "argument '" + name + "' is not a text");
    return absent(node) ? Optional.empty() : Optional.of(node.stringValue());
  }

  public boolean flag(String name) throws Mistake {
    JsonNode node = args.path(name);
    expect(absent(node) || node.isBoolean(), "argument '" + name + "' is not true or false");
    return !absent(node) && node.booleanValue();
  }

  OptionalInt number(String name) throws Mistake {
    JsonNode node = args.path(name);
    boolean fits = node.isInt() && node.intValue() >= 0;
    expect(absent(node) || fits, "argument '" + name + "' is not a whole number");
    return absent(node) ? OptionalInt.empty() : OptionalInt.of(node.intValue());
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
