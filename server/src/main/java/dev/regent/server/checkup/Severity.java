package dev.regent.server.checkup;

/** How much a finding matters, the most first. */
public enum Severity {
  /** Regent cannot work, or an acknowledged write can be lost. */
  CRITICAL,
  /** A failover is slower, or less certain, than it could be. */
  WARNING,
  /** Good to know; it does not make the checkup fail. */
  NOTICE
}
