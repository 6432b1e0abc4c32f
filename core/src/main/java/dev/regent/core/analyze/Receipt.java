package dev.regent.core.analyze;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;

/**
 * A sync member's word, by way of the manager, for what it has written to its relay log: all that
 * the primary's log holds up to this place. It is what the acknowledgement said that got lost; said
 * again later it is as true, since a member never has less than it acknowledged.
 *
 * <p>It is bound to a place, not to a moment: whatever enters the primary's log meanwhile stands
 * behind that place and is not confirmed by it.
 *
 * @param log the primary's file, as the member names it ({@code Master_Log_File})
 * @param position in that file ({@code Read_Master_Log_Pos})
 * @param received what it holds ({@code Gtid_IO_Pos}); the primary's log must say the same of the
 *     place, or the place is not to be believed
 */
public record Receipt(ServerId member, String log, long position, GtidPosition received) {
  public String place() {
    return log + ":" + position;
  }

  /**
   * Whether the member holds all of a log whose transactions end there, and no other history. A log
   * says nothing of a place that is none: behind its end, or within an event.
   */
  public boolean proves(GtidPosition logged) {
    return !logged.isEmpty() && received.gtids().containsAll(logged.gtids());
  }
}
