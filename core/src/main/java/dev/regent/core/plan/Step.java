package dev.regent.core.plan;

import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.List;

/**
 * One act on one server: idempotent, with a deadline, rechecking its precondition on the server
 * itself. {@link #sql()} is what the executor sends; {@code :user} and {@code :password} stand for
 * the replication credentials, which never enter the core.
 *
 * <p>Mutating steps run behind the server's epoch fence (DESIGN 10). A step that only reads may be
 * repeated at will.
 */
public sealed interface Step permits Receiving, Promoting, Freezing, Keeping {
  ServerId server();

  /** What it does, in one sentence without a full stop. */
  String sentence();

  /** Its statements in order; for a step with a loop, those of one round. */
  List<String> sql();

  Duration deadline();

  default boolean mutates() {
    return true;
  }

  /** Whether it stops a receiving thread, if only for a moment: somebody must start it again. */
  default boolean haltsReceiving() {
    return this instanceof Receiving.StopReceiving
        || this instanceof Receiving.StopReplication
        || this instanceof Receiving.Rescue
        || this instanceof Receiving.RestartReceiving
        || this instanceof Receiving.TestPrimary
        || this instanceof Receiving.Follow
        || (this instanceof Keeping.FenceReturned f && !f.channels().isEmpty());
  }

  /** Whether, once it is done, this server receives again, or needs to no longer. */
  default boolean endsHalt() {
    return this instanceof Receiving.StartReceiving
        || this instanceof Receiving.StartReplication
        || this instanceof Receiving.RestartReceiving
        || this instanceof Receiving.TestPrimary
        || this instanceof Receiving.Follow
        || this instanceof Promoting.ForgetSource
        || this instanceof Promoting.OpenForWrites;
  }

  /** Statements that neither write nor take locks answer in this time or not at all. */
  Duration QUICK = Duration.ofSeconds(2);

  /** For statements that wait for a thread to stop or a file to be synced. */
  Duration NORMAL = Duration.ofSeconds(10);

  /**
   * {@code STOP SLAVE 'name' IO_THREAD}-like statements: the connection name, quoted, or nothing.
   */
  static String channel(String name) {
    return name.isEmpty() ? "" : " '" + name.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
