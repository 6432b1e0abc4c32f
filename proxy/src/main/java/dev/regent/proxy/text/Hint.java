package dev.regent.proxy.text;

/** Where whoever wrote a statement wants it to go, told in a comment. */
enum Hint {
  NONE,
  PRIMARY,
  REPLICA;

  /** "regent route to replica", or as MaxScale's users write it. */
  static Hint read(byte[] text, int from, int to) {
    int at = skipBlanks(text, from, to);
    int name = after("regent", text, at, to);
    at = name > 0 ? name : after("maxscale", text, at, to);
    at = at > 0 ? after("route", text, at, to) : 0;
    at = at > 0 ? after("to", text, at, to) : 0;
    if (at == 0) {
      return NONE;
    }
    if (after("primary", text, at, to) > 0 || after("master", text, at, to) > 0) {
      return PRIMARY;
    }
    boolean replica = after("replica", text, at, to) > 0 || after("slave", text, at, to) > 0;
    return replica ? REPLICA : NONE;
  }

  /** With two of them the safer one counts. */
  Hint and(Hint other) {
    return this == PRIMARY || other == NONE ? this : other;
  }

  /** Where the next word begins if this one stands here; else 0. */
  private static int after(String word, byte[] text, int from, int to) {
    int end = from + word.length();
    if (from == 0 || end > to) {
      return 0;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((text[from + i] | 0x20) != word.charAt(i)) {
        return 0;
      }
    }
    boolean ends = end == to || text[end] <= ' ' || text[end] == '*' || text[end] == ';';
    return ends ? skipBlanks(text, end, to) : 0;
  }

  private static int skipBlanks(byte[] text, int from, int to) {
    int at = from;
    while (at < to && text[at] >= 0 && text[at] <= ' ') {
      at++;
    }
    return at;
  }
}
