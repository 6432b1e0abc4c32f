package dev.regent.cli.terminal;

/** A key by its meaning; one key may mean two things, and the state knows which. */
public enum Key {
  UP,
  DOWN,
  PAGE_UP,
  PAGE_DOWN,
  ENTER,
  CANCEL,
  YES,
  FORCED_YES,
  NO,
  HELP,
  SWITCHOVER,
  FAILOVER,
  DRY_RUN,
  FORCE,
  MAINTENANCE,
  PAUSE,
  READ_ONLY,
  ALL_READ_ONLY,
  ALL_READ_WRITE,
  REDRAW,
  QUIT,
  OTHER
}
