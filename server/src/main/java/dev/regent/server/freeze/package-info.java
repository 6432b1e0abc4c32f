/** Steps on the old primary of a switchover: nobody writes, and nobody is hurt in vain. */
@NullMarked
package dev.regent.server.freeze;

import org.jspecify.annotations.NullMarked;
