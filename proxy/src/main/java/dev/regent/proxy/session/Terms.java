package dev.regent.proxy.session;

/**
 * What a login agrees on with a server for as long as the connection lives, whoever it belongs to
 * later.
 *
 * @param packetMax what the client said of itself
 */
public record Terms(long capabilities, long packetMax) {}
