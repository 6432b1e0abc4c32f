/** Looks at every server of a cluster, without a daemon, and mends what can be mended at once. */
@NullMarked
package dev.regent.server.doctor;

import org.jspecify.annotations.NullMarked;
