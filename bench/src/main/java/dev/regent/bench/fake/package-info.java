/** Servers that only pretend: they speak MariaDB's protocol and know a daemon's questions. */
@NullMarked
package dev.regent.bench.fake;

import org.jspecify.annotations.NullMarked;
