package dev.regent.lab.scenario;

import java.time.Duration;

/**
 * What must come of a scenario, beside what must hold always.
 *
 * @param outcome in words, for people
 * @param role what becomes of the primary's role
 * @param heldOut whether servers may end held out, with their own transactions saved
 * @param outageMax the longest that clients usually go without an acknowledgement; longer is
 *     reported as late, not as broken: how fast a machine is says nothing about what holds
 * @param twoWritableMax how long two servers may take writes at once
 */
public record Expected(
    String outcome, Role role, HeldOut heldOut, Duration outageMax, Duration twoWritableMax) {
  /** Even on a busy machine; what it is on an idle one is measured, not demanded. */
  private static final Duration SOON = Duration.ofSeconds(15);

  /** What becomes of the role. */
  public enum Role {
    /** Another server is primary, in a newer epoch, when all is over. */
    MOVES,
    /** Nothing moved, at no time. */
    STAYS,
    /** It depends on what comes first. */
    EITHER
  }

  /** Whether servers are held out at the end. */
  public enum HeldOut {
    NOBODY,
    POSSIBLE,
    SOMEBODY
  }

  private static Expected of(Role role, String outcome) {
    return new Expected(outcome, role, HeldOut.NOBODY, SOON, Duration.ZERO);
  }

  public static Expected moves(String outcome) {
    return of(Role.MOVES, outcome);
  }

  public static Expected stays(String outcome) {
    return of(Role.STAYS, outcome);
  }

  public static Expected either(String outcome) {
    return of(Role.EITHER, outcome);
  }

  public Expected heldOut(HeldOut value) {
    return new Expected(outcome, role, value, outageMax, twoWritableMax);
  }

  public Expected outage(Duration value) {
    return new Expected(outcome, role, heldOut, value, twoWritableMax);
  }

  public Expected twoWritable(Duration value) {
    return new Expected(outcome, role, heldOut, outageMax, value);
  }
}
