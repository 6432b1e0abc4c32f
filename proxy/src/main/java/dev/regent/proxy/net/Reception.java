package dev.regent.proxy.net;

import dev.regent.proxy.session.Settings;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How connections at one address are taken.
 *
 * @param tls holds the certificate that clients are shown; present if the door is not plain
 * @param announces servers are told the client's address first, by the PROXY protocol
 * @param believed who connects from there tells the client's address first, by the same
 */
public record Reception(
    Settings settings,
    Optional<SSLContext> tls,
    Seats seats,
    boolean announces,
    Networks believed) {}
