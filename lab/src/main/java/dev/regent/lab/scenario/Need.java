package dev.regent.lab.scenario;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that not every machine has.
 *
 * @param missing why it cannot be had here; empty if it can. It is asked before each scenario.
 */
public record Need(String name, Supplier<Optional<String>> missing) {}
