package dev.regent.lab.scenario;

import java.util.Locale;

/** Kinds of trouble, for whoever asks how long each takes. */
public enum FaultClass {
  /** A server dies. */
  CRASH,
  /** A server is alive and does nothing. */
  FREEZE,
  /** Something fails in the middle of a role change. */
  MIDWAY,
  /** A replica fails, alone or before its primary. */
  REPLICA,
  /** The manager itself fails. */
  MANAGER,
  /** Somebody changes or writes what is not theirs. */
  TAMPERING,
  /** A role change by order. */
  PLANNED,
  /** Paths between parties fail. */
  NETWORK,
  /** A server's disk is full or stuck. */
  DISK;

  /** For people and programs: "crash". */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
