/**
 * The MariaDB protocol as values: bytes in, records out, and back. Knows where a packet and where a
 * response ends, and nothing of who talks to whom.
 */
@NullMarked
package dev.regent.proxy.wire;

import org.jspecify.annotations.NullMarked;
