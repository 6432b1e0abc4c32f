package dev.regent.server.checkup;

import dev.regent.core.model.ServerId;

/**
 * One thing that is not as it should be.
 *
 * @param check the row of the table that found it
 * @param what what is so, with the value that was read
 * @param why what comes of it
 */
public record Finding(
    String check, Severity severity, ServerId server, String what, String why, Mend mend) {}
