/**
 * Servers that only pretend: they speak MariaDB's protocol and know a manager's questions. For the
 * rehearsal after a build, and for benchmarks.
 */
@NullMarked
package dev.regent.cli.fake;

import org.jspecify.annotations.NullMarked;
