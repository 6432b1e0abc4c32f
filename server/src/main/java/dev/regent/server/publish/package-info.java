/**
 * How the daemon is reached: a Unix domain socket, spoken in lines.
 *
 * <h2>Where</h2>
 *
 * <p>{@code RUN/CLUSTER.sock}, mode 0600 in a folder of mode 0700. {@code RUN} is {@code
 * /run/regent} for root, else {@code $XDG_RUNTIME_DIR/regent}, else {@code
 * ~/.local/state/regent/run}, unless the configuration names another one ({@link
 * dev.regent.server.publish.RunFolder}).
 *
 * <h2>Request</h2>
 *
 * <p>One line of JSON, at most 64 KiB, within five seconds after connecting:
 *
 * <pre>
 * {"command":"status","args":{"json":true},"tty":false,"columns":80,"color":false,"user":"ada"}
 * </pre>
 *
 * <p>Only {@code command} must be there. An unknown key, command or argument is refused: a misspelt
 * {@code dryRun} must not start a failover.
 *
 * <h2>Answer</h2>
 *
 * <p>Lines of UTF-8, each beginning with its kind:
 *
 * <pre>
 * out:text     one line for standard output
 * err:text     one line for standard error
 * exit:0       the end, with the exit code; the daemon closes the connection
 * </pre>
 *
 * <p>Exit codes: 0 done, or as it should be; 1 internal; 2 a mistake in the request; 3 held or
 * refused; 4 tried and failed. A connection that ends without {@code exit:} was cut: nothing is
 * known about the order it carried.
 *
 * <h2>Subscriptions</h2>
 *
 * <pre>
 * {"command":"subscribe","args":{"to":"primary"}}
 * out:{"epoch":7,"primary":"db2","address":"127.0.0.1:3307","writes":"open"}
 * </pre>
 *
 * <p>One line at once, and one at every change, until either side closes. {@code writes} is {@code
 * open}, {@code held} (a role change is under way: wait) or {@code closed}; {@code primary} and
 * {@code address} are null while nobody may take writes. Obey the highest epoch you have seen.
 * {@code {"to":"events"}} sends every event as a JSON object from now on.
 *
 * <p>A line is written at the moment of the change, by the thread that makes it. There is no queue
 * behind a subscriber: one that does not read until its socket buffer is full is cut off, possibly
 * in the middle of a line. Who is cut off connects again and gets the present value first.
 */
@NullMarked
package dev.regent.server.publish;

import org.jspecify.annotations.NullMarked;
