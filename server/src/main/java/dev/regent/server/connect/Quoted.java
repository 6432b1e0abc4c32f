package dev.regent.server.connect;

/** Values inside statements, for sessions with an empty {@code sql_mode} such as all of ours. */
public final class Quoted {
  private Quoted() {}

  public static String text(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  public static String name(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }
}
