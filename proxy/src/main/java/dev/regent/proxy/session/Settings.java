package dev.regent.proxy.session;

import java.time.Duration;

/**
 * What a listener grants its sessions.
 *
 * @param hold how long a statement, or a login, waits for a server that takes writes
 */
public record Settings(Duration hold, Replaying replaying, Door door) {}
