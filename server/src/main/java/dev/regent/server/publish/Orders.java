package dev.regent.server.publish;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * The way from an operator to the control loop. {@code order} does not block; the reply comes when
 * the controller answers, which for a role change is when its plan has ended. The future is
 * completed by the control loop: what depends on it must not wait. It fails only if the loop stops.
 */
public interface Orders {
  CompletableFuture<Reply> order(Command command);
}
