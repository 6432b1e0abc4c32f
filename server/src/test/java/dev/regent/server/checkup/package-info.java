/** The table of checks over pretended servers. */
@NullMarked
package dev.regent.server.checkup;

import org.jspecify.annotations.NullMarked;
