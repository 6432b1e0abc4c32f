package dev.regent.core.plan;

import dev.regent.core.model.ServerId;
import java.util.Optional;

/**
 * What an operator asked for with a role change.
 *
 * @param to the server that shall become primary; empty leaves the choice to the election
 * @param force go on where a guarantee would make it a hold; the plan says what is given up
 */
public record Wish(Optional<ServerId> to, boolean force) {
  public static final Wish ANY = new Wish(Optional.empty(), false);
}
