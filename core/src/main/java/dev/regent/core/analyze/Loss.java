package dev.regent.core.analyze;

import dev.regent.core.model.GtidPosition;
import java.util.OptionalLong;

/**
 * The honest account of what a failover lost (DESIGN 6). Numbers count transactions.
 *
 * @param atLeast from the last position seen on the old primary; 0 if none is proven lost
 * @param estimate rate times blind time, marked as an estimate; empty if the rate is unknown
 * @param proven how far the account is proven
 * @param kept the position the new primary holds
 */
public record Loss(Proof proven, long atLeast, OptionalLong estimate, GtidPosition kept) {

  public enum Proof {
    /** All that can have been acknowledged is there: no acknowledged write is lost. */
    NONE_LOST,
    /** The primary itself came back; what its own recovery cut off, nobody else can tell. */
    SAME_SERVER,
    /** Only a lower bound is known until the old primary returns. */
    LOWER_BOUND,
    /** The old primary returned and its extra transactions were counted. */
    EXACT,
    /**
     * It returned and was counted, but another server has the same server id: positions cannot tell
     * the transactions of the one from those of the other.
     */
    SHARED_ID,
    /**
     * It returned and was counted, but what it shares with the new primary goes on behind what only
     * it has: the last numbers of a log do not tell then whose the ones below are.
     */
    OUT_OF_TURN
  }

  public String sentence() {
    return switch (proven) {
      case NONE_LOST -> "no acknowledged write is lost: all that could be acknowledged is there";
      case SAME_SERVER ->
          (atLeast == 0
                  ? "it has all that was last seen of it"
                  : "it lacks " + atLeast + " transactions that were seen of it")
              + "; whether its own recovery cut off more is not known";
      case LOWER_BOUND ->
          (atLeast == 0 ? "no lost transaction is known" : "at least " + atLeast + " lost")
              + (estimate.isPresent()
                  ? ", about " + estimate.getAsLong() + " more by estimate"
                  : ", beyond that unknown")
              + ", exact once the old primary returns";
      case EXACT -> "exactly " + atLeast + " transactions were only on the old primary";
      case SHARED_ID ->
          "at least "
              + atLeast
              + " transactions were only on the old primary; how many more is not known, since"
              + " another server has its server_id";
      case OUT_OF_TURN ->
          "at least "
              + atLeast
              + " transactions were only on the old primary; how many more is not known, since its"
              + " log goes on behind them with others";
    };
  }
}
