package dev.regent.proxy.auth;

/**
 * Where a client comes from, and how it is connected.
 *
 * @param encrypted its connection is
 * @param onward the proxy's connections to servers are
 */
public record Visitor(HostPattern.Peer peer, boolean encrypted, boolean onward) {}
