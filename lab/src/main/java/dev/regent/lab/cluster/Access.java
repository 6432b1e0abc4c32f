package dev.regent.lab.cluster;

import java.util.Optional;

/** What a client needs to log in to a cluster's servers. */
public record Access(Accounts accounts, Optional<TlsFiles> tls) {}
