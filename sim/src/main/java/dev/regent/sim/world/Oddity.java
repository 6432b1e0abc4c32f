package dev.regent.sim.world;

/** Something about a cluster that nobody should have done, and somebody has. */
public enum Oddity {
  /** The last server has the second one's server id; no promise of ours holds there. */
  TWIN_IDS,
  /** The last server was open too when the manager came, until somebody closed it. */
  TWO_OPEN,
  /** The last server applies everything late, on purpose. */
  DELAYED
}
