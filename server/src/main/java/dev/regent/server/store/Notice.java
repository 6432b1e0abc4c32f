package dev.regent.server.store;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.ServerId;
import java.util.Map;

/**
 * A line of the audit trail about what only the daemon knows of: no event of the core.
 *
 * @param name as {@code name} in the trail
 * @param data what a program may want to know besides, values that JSON has
 */
public record Notice(
    long atMillis,
    String name,
    Severity severity,
    ServerId server,
    String sentence,
    Map<String, Object> data) {}
