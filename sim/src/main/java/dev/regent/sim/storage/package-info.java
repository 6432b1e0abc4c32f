/**
 * What a server keeps on its disk: binary log, storage engine, relay log, and what a crash takes.
 */
@NullMarked
package dev.regent.sim.storage;

import org.jspecify.annotations.NullMarked;
