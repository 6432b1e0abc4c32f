package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;

/** What to do about a diagnosis: act, or hold with the reason. */
public sealed interface Decision {
  Diagnosis diagnosis();

  record Act(Diagnosis diagnosis, Run run) implements Decision {}

  record Hold(Diagnosis diagnosis, Reason reason, String sentence) implements Decision {}

  /** Why it holds. */
  enum Reason {
    /** The evidence is not complete; it will be. */
    WAITING,
    /** A witness hears the primary, or the primary answers somebody. */
    PRIMARY_LIVES,
    /** Nobody can testify. */
    NO_WITNESS,
    /** A server that could hold acknowledged writes cannot be reached. */
    SYNC_MEMBER_MISSING,
    /** No server may be promoted. */
    NO_CANDIDATE,
    /** The servers' histories cannot be ordered. */
    SPLIT_BRAIN,
    /** An operator has to decide. */
    OPERATOR_DECIDES,
    /** The cluster is paused. */
    PAUSED,
    /** The server is in maintenance. */
    MAINTENANCE,
    /** Too many automatic failovers away from this server. */
    FLAPPING,
    /** The last automatic failover is too recent. */
    COOLING_DOWN,
    /** Automatic failover is switched off. */
    MANUAL,
    /** A script is to do it, or may be doing it. */
    SCRIPT
  }
}
